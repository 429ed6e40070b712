{{ config(materialized='view') }}
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
