{{ config(
    materialized='incremental', on_schema_change='fail',
    pre_hook="{{ forget('int_results_stale', ['model', 'metric_date']) }}"
) }}
with

results as (
    select * from {{ ref('int_results_listed') }}
),

summed as (
    select
        model,
        network,
        campaign,
        metric_date,
        cast(sum(cost) as decimal(18, 6)) as cost,
        cast(sum(credit) as decimal(18, 9)) as conversions_credited,
        cast(sum(revenue_credited) as decimal(18, 6)) as revenue_credited,
        cast(sum(net_revenue_credited) as decimal(18, 6)) as net_revenue_credited,
        cast(sum(costs_without_rate) as bigint) as costs_without_rate
    from results
    where is_cost or network is not null
    group by model, network, campaign, metric_date
)

select
    model,
    network,
    campaign,
    metric_date,
    cost,
    conversions_credited,
    revenue_credited,
    case
        when network is not null and costs_without_rate = 0 then {{ ratio('revenue_credited - cost', 'cost') }}
    end as roi,
    case when network is not null and costs_without_rate = 0 then {{ ratio('revenue_credited', 'cost') }} end as roas,
    net_revenue_credited,
    costs_without_rate
from summed
