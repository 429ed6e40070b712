{{ config(tags=['incrementality']) }}
with

estimates as (
    select * from {{ ref('stg_incrementality__estimates') }}
    where grain in ('network', 'campaign')
),

exposure as (
    select * from {{ ref('mart_exposure_daily') }}
),

claimed as (
    select
        estimates.network,
        estimates.member,
        estimates.period_kind,
        estimates.period_start,
        cast(sum(exposure.revenue_claimed) as decimal(18, 6)) as revenue_claimed
    from estimates
    inner join exposure
        on
        estimates.network = exposure.network
        and coalesce(estimates.member, exposure.campaign, '(none)') = coalesce(exposure.campaign, '(none)')
        and exposure.metric_date between estimates.period_start and estimates.period_end
    group by estimates.network, estimates.member, estimates.period_kind, estimates.period_start
)

select
    estimates.network,
    estimates.member as campaign,
    estimates.period_kind,
    estimates.period_start,
    estimates.period_end,
    estimates.incremental_revenue,
    estimates.incremental_revenue_low,
    estimates.incremental_revenue_high,
    estimates.spend,
    estimates.incremental_roas,
    estimates.incremental_roas_low,
    estimates.incremental_roas_high,
    estimates.evidence,
    estimates.method,
    estimates.is_prior_dominated,
    claimed.revenue_claimed,
    estimates.reason
from estimates
left join claimed
    on
    estimates.network = claimed.network
    and estimates.member is not distinct from claimed.member
    and estimates.period_kind = claimed.period_kind
    and estimates.period_start = claimed.period_start
