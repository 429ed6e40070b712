with

action_metrics as (
    select * from {{ ref('stg_raw__action_metrics') }}
),

keyed as (
    select
        *,
        network || ':' || action_id as action_key,
        case basis when 'day' then 1 when 'lifetime' then 2 else 3 end as basis_rank,
        coalesce(as_of, period_end, metric_date, published_date) as observed_date,
        coalesce(period_start, as_of, published_date) as range_start,
        coalesce(period_end, period_start, as_of, published_date) as range_end
    from action_metrics
    where action_id is not null
),

measured as (
    select
        *,
        case when basis = 'range' then {{ dbt.datediff('range_start', 'range_end', 'day') }} end as range_days
    from keyed
)

select
    *,
    {{ precedence_of(
        ['action_key'],
        then_by=['range_days', 'impressions', 'video_views'],
        finally_by=metric_names()
    ) }} as precedence
from measured
