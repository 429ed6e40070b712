{{ config(materialized='incremental', pre_hook=[
    "{{ forget_all('action_key is null') }}", "{{ forget('int_actions_stale', 'action_key') }}",
]) }}
with

actions as (
    select
        action_key as claim_key,
        network,
        account,
        action_key,
        basis,
        case basis_rank when 1 then metric_date when 2 then observed_date else range_start end as period_start,
        case basis_rank when 1 then metric_date when 2 then observed_date else range_end end as period_end,
        source,
        source_rank,
        as_of,
        file_sha256,
        precedence,
        {{ metric_names() | join(',\n        ') }}
    from {{ ref('int_action_metrics_ranked') }}
    {%- if is_increment() %}
    where {{ is_in('int_actions_stale', 'action_key') }}
    {%- endif %}
),

accounts as (
    select
        network || ' ' || coalesce(account, '') as claim_key,
        network,
        account,
        cast(null as {{ dbt.type_string() }}) as action_key,
        'day' as basis,
        metric_date as period_start,
        metric_date as period_end,
        source,
        source_rank,
        as_of,
        file_sha256,
        precedence,
        {{ metric_names() | join(',\n        ') }}
    from {{ ref('int_account_metrics_ranked') }}
),

claims as (
    select * from actions
    union all
    select * from accounts
),

disputed as (
    select
        claim_key,
        basis,
        period_start,
        period_end
    from claims
    group by claim_key, basis, period_start, period_end
    having
        count(*) > 1
        and (
            {% for metric in metric_names() -%}
            min({{ metric }}) <> max({{ metric }}){% if not loop.last %} or {% endif %}
            {% endfor %}
        )
)

select claims.*
from claims
inner join disputed
    on
    claims.claim_key = disputed.claim_key
    and claims.basis = disputed.basis
    and claims.period_start = disputed.period_start
    and claims.period_end = disputed.period_end
