{{ config(materialized='incremental', on_schema_change='fail', pre_hook="{{ forget(
    'int_members_stale', ['model', 'action_key'], called=['model', 'member']
) }}") }}
{%- set is_renewed = is_in('int_members_stale', ['model', 'action_key'], ['model', 'member']) if is_increment() else 'true' -%}
with

models as (
    select model from {{ ref('int_attribution_models') }}
),

attributed as (
    select * from {{ ref('mart_attributed') }}
    where action_key is not null and {{ is_renewed }}
),

costs as (
    select * from {{ ref('mart_costs_daily') }}
    where action_key is not null
),

actions as (
    select action_key, network from {{ ref('mart_actions') }}
),

credited as (
    select
        model,
        action_key,
        sum(credit) as conversions,
        sum(revenue_credited) as revenue
    from attributed
    group by model, action_key
),

spent as (
    select
        action_key,
        sum(cost) as cost,
        sum(case when has_rate then 0 else 1 end) as costs_without_rate
    from costs
    group by action_key
),

allocated as (
    select * from {{ ref('mart_allocations') }}
),

wanted as (
    select model, action_key from credited
    union
    select model, action_key from allocated
    union
    select models.model, spent.action_key from models
    cross join spent
),

joined as (
    select
        wanted.model,
        wanted.action_key,
        actions.network,
        cast(coalesce(credited.conversions, 0) as decimal(18, 9)) as conversions_credited,
        cast(case when credited.action_key is null then 0 else credited.revenue end as decimal(18, 6)) as revenue_credited,
        allocated.revenue_allocated,
        cast(spent.cost as decimal(18, 6)) as cost,
        cast(coalesce(spent.costs_without_rate, 0) as bigint) as costs_without_rate
    from wanted
    left join credited on wanted.model = credited.model and wanted.action_key = credited.action_key
    left join allocated on wanted.model = allocated.model and wanted.action_key = allocated.action_key
    left join spent on wanted.action_key = spent.action_key
    left join actions on wanted.action_key = actions.action_key
)

select
    model,
    action_key,
    network,
    conversions_credited,
    revenue_credited,
    revenue_allocated,
    cost,
    case when costs_without_rate = 0 then {{ ratio('revenue_credited - cost', 'cost') }} end as roi,
    case when costs_without_rate = 0 then {{ ratio('revenue_credited', 'cost') }} end as roas,
    costs_without_rate
from joined
where {{ is_renewed }}
