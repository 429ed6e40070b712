with

touched as (
    select
        seller_id,
        stage,
        cast(date_trunc('month', {{ local_date('touched_at') }}) as date) as month,
        touch_id,
        journey_key
    from {{ ref('mart_seller_touches') }}
),

entered as (
    select
        seller_id,
        stage,
        cast(date_trunc('month', {{ local_date('entered_at') }}) as date) as month,
        opportunity_key
    from {{ ref('int_opportunity_periods') }}
    where seller_id is not null
),

revenue as (
    select * from {{ ref('mart_seller_revenue') }}
),

listed as (
    select seller_id, stage, month, touch_id, journey_key, null as opportunity_key, null as kind, null as revenue
    from touched
    union all
    select seller_id, stage, month, null as touch_id, null as journey_key, opportunity_key, null as kind, null as revenue
    from entered
    union all
    select seller_id, stage, month, null as touch_id, null as journey_key, null as opportunity_key, kind, revenue
    from revenue
)

select
    seller_id,
    stage,
    month,
    count(distinct touch_id) as touches,
    count(distinct journey_key) as accounts_touched,
    count(distinct opportunity_key) as opportunities,
    cast(sum(case when kind = 'credited' then revenue end) as decimal(18, 6)) as revenue_credited,
    cast(sum(case when kind = 'won' then revenue end) as decimal(18, 6)) as revenue_won,
    cast(sum(case when kind = 'influenced' then revenue end) as decimal(18, 6)) as revenue_influenced
from listed
group by seller_id, stage, month
