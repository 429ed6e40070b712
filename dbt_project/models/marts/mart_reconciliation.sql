with

described as (
    select action_key, account, action_type from {{ ref('int_actions_described') }}
),

compared as (
    select
        kind, network, account, action_key, metric, period_start, period_end, value_believed, value_other,
        source_believed, source_other, file_believed, file_other, as_of_believed, as_of_other,
        case kind
            when 'own_export_and_tool' then 'the export of the network itself'
            when 'later_and_earlier_export' then 'the later export'
            else 'of exports of one day the one with the larger figures, then by the digest of the file'
        end as believed_because
    from {{ ref('int_claims_compared') }}
),

tools as (
    select
        'own_export_and_tool' as kind,
        tools.network, described.account, tools.action_key, tools.metric,
        cast(null as date) as period_start, cast(null as date) as period_end,
        tools.value_believed, tools.value_other,
        cast(null as {{ dbt.type_string() }}) as source_believed, cast(null as {{ dbt.type_string() }}) as source_other,
        cast(null as {{ dbt.type_string() }}) as file_believed, cast(null as {{ dbt.type_string() }}) as file_other,
        tools.as_of_believed, tools.as_of_other,
        'the export of the network itself' as believed_because
    from {{ ref('int_claims_of_tools') }} as tools
    left join described on tools.action_key = described.action_key
),

unioned as (
    select * from compared
    union all
    select * from tools
    union all
    select * from {{ ref('mart_reconciliation_months') }}
    union all
    select * from {{ ref('mart_reconciliation_files') }}
)

select
    *,
    value_other - value_believed as difference
from unioned
