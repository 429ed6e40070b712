{{ config(tags=['incrementality']) }}
with

estimates as (
    select * from {{ ref('stg_incrementality__estimates') }}
    where grain = 'action' and member <> '(none)'
)

select
    member as action_key,
    network,
    period_start,
    period_end,
    incremental_revenue,
    incremental_revenue_low,
    incremental_revenue_high,
    spend,
    evidence,
    method,
    is_prior_dominated,
    reason
from estimates
