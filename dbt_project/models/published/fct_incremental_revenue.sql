{{ config(tags=['incrementality']) }}
with

estimates as (
    select * from {{ ref('stg_incrementality__estimates') }}
    where grain in ('network', 'campaign')
)

select
    network,
    member as campaign,
    period_kind,
    period_start,
    period_end,
    incremental_revenue,
    incremental_revenue_low,
    incremental_revenue_high,
    spend,
    incremental_roas,
    incremental_roas_low,
    incremental_roas_high,
    evidence,
    method,
    is_prior_dominated,
    reason
from estimates
