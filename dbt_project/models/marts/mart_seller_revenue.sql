{{ config(tags=['attribution']) }}
with

conversions as (
    select
        *,
        cast(date_trunc('month', conversion_date) as date) as month
    from {{ ref('mart_conversions') }}
),

chosen as (
    select coalesce(max(case when model = 'linear' then model end), min(model)) as model
    from {{ ref('int_attribution_models') }}
),

stages as (
    select
        touch_id,
        opportunity_key,
        min(stage) as stage
    from {{ ref('mart_seller_touches') }}
    where opportunity_key is not null
    group by touch_id, opportunity_key
),

reached as (
    select distinct
        seller_id,
        conversion_id
    from {{ ref('int_conversion_touches') }}
    where seller_id is not null
)

select
    'credited' as kind,
    attributed.seller_id,
    coalesce(stages.stage, '(none)') as stage,
    conversions.month,
    sum(attributed.revenue_credited) as revenue
from {{ ref('mart_attributed') }} as attributed
inner join chosen on attributed.model = chosen.model
inner join conversions on attributed.conversion_id = conversions.conversion_id
left join stages
    on attributed.touch_id = stages.touch_id and conversions.opportunity_key = stages.opportunity_key
where attributed.seller_id is not null
group by attributed.seller_id, coalesce(stages.stage, '(none)'), conversions.month
union all
select
    'won' as kind,
    seller_id,
    status as stage,
    month,
    sum(revenue) as revenue
from conversions
where opportunity_key is not null and seller_id is not null
group by seller_id, status, month
union all
select
    'influenced' as kind,
    reached.seller_id,
    conversions.status as stage,
    conversions.month,
    sum(conversions.revenue) as revenue
from reached
inner join conversions on reached.conversion_id = conversions.conversion_id
where conversions.opportunity_key is not null
group by reached.seller_id, conversions.status, conversions.month
