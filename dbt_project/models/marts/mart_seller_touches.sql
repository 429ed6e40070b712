with

touches as (
    select * from {{ ref('mart_touches') }}
    where seller_id is not null
),

account_touches as (
    select * from {{ ref('mart_account_touches') }}
),

periods as (
    select * from {{ ref('int_opportunity_periods') }}
)

select distinct
    touches.touch_id,
    touches.seller_id,
    touches.touched_at,
    coalesce(account_touches.journey_key, 'account:' || touches.account_id) as journey_key,
    periods.opportunity_key,
    coalesce(periods.stage, '(none)') as stage
from touches
left join account_touches on touches.touch_id = account_touches.touch_id
left join periods
    on account_touches.journey_key = periods.journey_key
    and touches.touched_at >= periods.entered_at
    and touches.touched_at < periods.left_at
