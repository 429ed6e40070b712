{{ config(materialized='view') }}
with

conversions as (
    select
        conversion_id,
        journey_key,
        converted_second,
        {{ to_few_micros('revenue') }} as revenue_micros,
        {{ to_few_micros('net_revenue') }} as net_revenue_micros
    from {{ ref('mart_conversions') }}
),

touches as (
    select
        customer_id as journey_key,
        *
    from {{ ref('mart_touches') }}
    union all
    select
        account_touches.journey_key,
        touches.*
    from {{ ref('mart_account_touches') }} as account_touches
    inner join {{ ref('mart_touches') }} as touches on account_touches.touch_id = touches.touch_id
),

aged as (
    select
        conversions.conversion_id,
        touches.touch_id,
        touches.customer_id,
        touches.touched_at,
        touches.touched_second,
        touches.channel,
        touches.network,
        touches.campaign,
        touches.action_key,
        touches.seller_id,
        coalesce(touches.touch_type, 'click') as touch_type,
        coalesce(touches.is_paid, false) as is_paid,
        conversions.converted_second - touches.touched_second as age_seconds,
        conversions.revenue_micros,
        conversions.net_revenue_micros
    from conversions
    inner join touches
        on conversions.journey_key = touches.journey_key
        and conversions.converted_second >= touches.touched_second
        and conversions.converted_second - touches.touched_second <= 86400 * {{ var('longest_window_days') }}
)

select
    *,
    {{ within_window(var('journey_windows')) }} as is_in_journey
from aged
