with

actions as (
    select * from {{ ref('mart_actions') }}
)

select
    action_key,
    network,
    account,
    action_id,
    action_type,
    published_at,
    campaign,
    format,
    permalink,
    text_excerpt,
    seller_id,
    is_reported,
    published_date
from actions
