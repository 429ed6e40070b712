with

touches as (
    select * from {{ ref('mart_touches') }}
)

select
    touch_id,
    customer_id,
    touched_at,
    channel,
    network,
    campaign,
    action_key,
    seller_id,
    touch_type,
    match_level,
    is_paid,
    account_id,
    customer_id_given,
    match_evidence
from touches
