with

credits as (
    select * from {{ ref('mart_credits') }}
),

conversions as (
    select conversion_id, converted_at, conversion_date from {{ ref('mart_conversions') }}
),

touches as (
    select * from {{ ref('mart_touches') }}
)

select
    credits.model,
    credits.conversion_id,
    conversions.converted_at,
    conversions.conversion_date,
    credits.touch_id,
    touches.touched_at,
    coalesce(touches.channel, '(none)') as channel,
    touches.network,
    touches.campaign,
    touches.action_key,
    touches.seller_id,
    credits.credit,
    credits.revenue_credited,
    credits.net_revenue_credited
from credits
inner join conversions on credits.conversion_id = conversions.conversion_id
left join touches on credits.touch_id = touches.touch_id
