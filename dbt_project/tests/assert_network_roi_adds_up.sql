{{ config(tags=['attribution']) }}
-- For every model, the daily table holds all costs that have a rate and all revenue credited to touches of a network.
with

daily as (
    select
        model,
        sum(cost) as cost,
        sum(revenue_credited) as revenue
    from {{ ref('fct_network_roi_daily') }}
    group by model
),

costs as (
    select sum(cost) as cost from {{ ref('mart_costs_daily') }}
),

credits as (
    select
        model,
        sum(revenue_credited) as revenue
    from {{ ref('fct_attributed_revenue') }}
    where network is not null
    group by model
)

select
    daily.model,
    daily.cost,
    costs.cost as expected_cost,
    daily.revenue,
    credits.revenue as expected_revenue
from daily
cross join costs
left join credits on daily.model = credits.model
where
    daily.cost is distinct from costs.cost
    or coalesce(daily.revenue, 0) <> coalesce(credits.revenue, 0)
