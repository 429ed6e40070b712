with

attributed as (
    select * from {{ ref('mart_attributed') }}
)

select
    model,
    conversion_id,
    converted_at,
    touch_id,
    touched_at,
    channel,
    network,
    campaign,
    action_key,
    seller_id,
    credit,
    revenue_credited,
    net_revenue_credited,
    conversion_date
from attributed
