with

disputed as (
    select * from {{ ref('int_claims_disputed') }}
),

claims as (
    {% for metric in metric_names() -%}
    select
        claim_key, network, account, action_key, basis, period_start, period_end, source, source_rank, as_of,
        file_sha256, precedence, '{{ metric }}' as metric, cast({{ metric }} as decimal(38, 6)) as claimed
    from disputed
    where {{ metric }} is not null
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}
),

ordered as (
    select
        *,
        row_number() over (
            partition by claim_key, basis, period_start, period_end, metric
            order by precedence desc
        ) as place
    from claims
)

select
    case
        when other.source_rank < believed.source_rank then 'own_export_and_tool'
        when other.as_of < believed.as_of or other.as_of is null and believed.as_of is not null
            then 'later_and_earlier_export'
        else 'exports_of_one_day'
    end as kind,
    believed.network,
    coalesce(believed.account, other.account) as account,
    believed.action_key,
    believed.basis,
    believed.metric,
    believed.period_start,
    believed.period_end,
    believed.claimed as value_believed,
    other.claimed as value_other,
    believed.source as source_believed,
    other.source as source_other,
    believed.file_sha256 as file_believed,
    other.file_sha256 as file_other,
    believed.as_of as as_of_believed,
    other.as_of as as_of_other
from ordered as believed
inner join ordered as other
    on
    believed.claim_key = other.claim_key
    and believed.basis = other.basis
    and believed.period_start = other.period_start
    and believed.period_end = other.period_end
    and believed.metric = other.metric
where
    believed.place = 1
    and other.place > 1
    and believed.claimed <> other.claimed
