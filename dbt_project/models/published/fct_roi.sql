{{ config(
    materialized='incremental', on_schema_change='fail',
    pre_hook="{{ forget('int_members_stale', ['model', 'dimension', 'member']) }}"
) }}
with

daily as (
    select daily.* from {{ ref('mart_roi_daily') }} as daily
    {{ only_stale('int_members_stale', 'daily', ['model', 'dimension', 'member']) }}
),

running as (
    select
        *,
        sum(coalesce(cost, 0)) over (
            partition by model, dimension, network, member order by metric_date
        ) as cost_so_far,
        sum(coalesce(revenue_credited, 0)) over (
            partition by model, dimension, network, member order by metric_date
        ) as revenue_so_far
    from daily
),

summed as (
    select
        model,
        dimension,
        network,
        member,
        cast(sum(conversions_credited) as decimal(18, 9)) as conversions_credited,
        cast(sum(revenue_credited) as decimal(18, 6)) as revenue_credited,
        cast(sum(net_revenue_credited) as decimal(18, 6)) as net_revenue_credited,
        cast(sum(cost) as decimal(18, 6)) as cost,
        cast(sum(costs_without_rate) as bigint) as costs_without_rate,
        min(case when cost > 0 then metric_date end) as first_cost_date,
        min(case when cost_so_far > 0 and revenue_so_far >= cost_so_far then metric_date end) as payback_date
    from running
    group by model, dimension, network, member
),

allocated as (
    select
        action_key,
        cast(sum(cost_allocated) as decimal(18, 6)) as cost_allocated
    from {{ ref('int_costs_allocated') }}
    group by action_key
),

shared as (
    select
        models.model,
        'action' as dimension,
        actions.network,
        allocated.action_key as member,
        allocated.cost_allocated
    from allocated
    cross join {{ ref('int_attribution_models') }} as models
    inner join {{ ref('mart_actions') }} as actions on allocated.action_key = actions.action_key
),

joined as (
    select
        coalesce(summed.model, shared.model) as model,
        coalesce(summed.dimension, shared.dimension) as dimension,
        coalesce(summed.network, shared.network) as network,
        coalesce(summed.member, shared.member) as member,
        coalesce(summed.conversions_credited, 0) as conversions_credited,
        case when summed.model is null then 0 else summed.revenue_credited end as revenue_credited,
        case when summed.model is null then 0 else summed.net_revenue_credited end as net_revenue_credited,
        summed.cost,
        shared.cost_allocated,
        coalesce(summed.costs_without_rate, 0) as costs_without_rate,
        summed.first_cost_date,
        summed.payback_date
    from summed
    full outer join shared
        on summed.model = shared.model and summed.dimension = shared.dimension and summed.member = shared.member
)

select
    model,
    dimension,
    network,
    member,
    cast(conversions_credited as decimal(18, 9)) as conversions_credited,
    cast(revenue_credited as decimal(18, 6)) as revenue_credited,
    cast(net_revenue_credited as decimal(18, 6)) as net_revenue_credited,
    cost,
    cost_allocated,
    case when costs_without_rate = 0 then {{ ratio('revenue_credited - cost', 'cost') }} end as roi,
    case when costs_without_rate = 0 then {{ ratio('revenue_credited', 'cost') }} end as roas,
    case when costs_without_rate = 0 then {{ ratio('cost', 'conversions_credited') }} end as cpa,
    first_cost_date,
    case when costs_without_rate = 0 then payback_date end as payback_date,
    case when costs_without_rate = 0 then {{ dbt.datediff('first_cost_date', 'payback_date', 'day') }} end as payback_days,
    cast(costs_without_rate as bigint) as costs_without_rate
from joined
where {{ is_in('int_members_stale', ['model', 'dimension', 'member']) if is_increment() else 'true' }}
