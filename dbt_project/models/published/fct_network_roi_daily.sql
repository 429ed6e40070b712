with

models as (
    select model from {{ ref('int_attribution_models') }}
),

credited as (
    select
        model, network, campaign, conversion_date as metric_date, credit, revenue_credited, net_revenue_credited,
        cast(null as decimal(18, 6)) as cost, 0 as costs_without_rate
    from {{ ref('mart_attributed') }}
    where network is not null
),

spent as (
    select
        models.model, costs.network, costs.campaign, costs.metric_date,
        cast(0 as decimal(18, 6)) as credit,
        cast(0 as decimal(18, 6)) as revenue_credited,
        cast(0 as decimal(18, 6)) as net_revenue_credited,
        costs.cost,
        case when costs.has_rate then 0 else 1 end as costs_without_rate
    from models
    cross join {{ ref('mart_costs_daily') }} as costs
),

unioned as (
    select * from credited
    union all
    select * from spent
),

summed as (
    select
        model,
        network,
        campaign,
        metric_date,
        cast(sum(cost) as decimal(18, 6)) as cost,
        cast(sum(credit) as decimal(18, 6)) as conversions_credited,
        cast(sum(revenue_credited) as decimal(18, 6)) as revenue_credited,
        cast(sum(net_revenue_credited) as decimal(18, 6)) as net_revenue_credited,
        cast(sum(costs_without_rate) as bigint) as costs_without_rate
    from unioned
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
