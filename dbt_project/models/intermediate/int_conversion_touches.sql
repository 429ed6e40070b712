{%- set seconds_per_day = 86400 -%}
with

conversions as (
    select conversion_id, customer_id, converted_second from {{ ref('mart_conversions') }}
),

touches as (
    select * from {{ ref('mart_touches') }}
),

longest as (
    select max(lookback_days) as lookback_days from {{ ref('int_attribution_models') }}
)

select
    conversions.conversion_id,
    touches.touch_id,
    touches.touched_at,
    touches.channel,
    touches.network,
    touches.campaign,
    touches.action_key,
    touches.seller_id,
    conversions.converted_second - touches.touched_second as age_seconds
from conversions
inner join touches
    on conversions.customer_id = touches.customer_id
    and conversions.converted_second >= touches.touched_second
cross join longest
where
    conversions.converted_second - touches.touched_second
    <= {{ seconds_per_day }} * greatest(longest.lookback_days, {{ var('lookback_days') }})
