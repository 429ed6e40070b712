with

action_metrics as (
    select * from {{ ref('int_action_metrics_identified') }}
),

keyed as (
    select
        *,
        network || ':' || known_action_id as action_key,
        case basis when 'day' then 1 when 'lifetime' then 2 else 3 end as basis_rank,
        coalesce(as_of, period_end, metric_date, published_date) as observed_date,
        coalesce(period_start, as_of, published_date) as range_start,
        coalesce(period_end, period_start, as_of, published_date) as range_end
    from action_metrics
),

measured as (
    select
        *,
        case when basis = 'range' then {{ dbt.datediff('range_start', 'range_end', 'day') }} end as range_days
    from keyed
),

levelled as (
    select
        *,
        case when action_type = 'ad' then case format when 'campaign' then 3 when 'ad_group' then 2 else 1 end end as ad_level,
        coalesce(metric_date, range_start) as first_day,
        coalesce(metric_date, range_end) as last_day
    from measured
),

stated_finer as (
    select distinct
        coarse.action_key,
        coarse.first_day,
        coarse.last_day
    from levelled as coarse
    inner join levelled as finer
        on
        coarse.network = finer.network
        and coarse.campaign = finer.campaign
        and (
            coarse.ad_level > finer.ad_level
            or (
                coarse.ad_level = finer.ad_level
                and coarse.text_excerpt = finer.text_excerpt
                and coarse.is_named and not finer.is_named
            )
        )
        and coarse.first_day <= finer.last_day
        and coarse.last_day >= finer.first_day
    where
        coarse.account = finer.account
        or coarse.account is null
        or finer.account is null
),

counted_once as (
    select levelled.*
    from levelled
    left join stated_finer
        on
        levelled.action_key = stated_finer.action_key
        and levelled.first_day = stated_finer.first_day
        and levelled.last_day = stated_finer.last_day
    where stated_finer.action_key is null
)

select
    *,
    {{ precedence_of(
        ['action_key'],
        first_by=['source_rank'],
        then_by=['range_days', 'impressions', 'video_views'],
        finally_by=metric_names()
    ) }} as precedence
from counted_once
