with

touches as (
    select * from {{ ref('int_touches_matched') }}
),

grouped as (
    select * from {{ ref('int_touches_grouped') }}
)

select
    touches.touch_id,
    touches.customer_id,
    touches.account_id,
    touches.touched_at,
    {{ epoch_second('touches.touched_at') }} as touched_second,
    coalesce(touches.channel, grouped.channel) as channel,
    touches.network,
    touches.campaign,
    touches.action_key,
    touches.seller_id,
    touches.touch_type,
    touches.match_level,
    grouped.is_paid
from touches
inner join grouped on touches.touch_id = grouped.touch_id
