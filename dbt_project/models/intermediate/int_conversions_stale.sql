with

conversions as (
    select * from {{ ref('mart_conversions') }}
),
{%- if is_increment() %}

touches as (
    select * from {{ ref('int_touches_changed') }}
),

account_touches as (
    select journey_key from ({{ changed_rows('mart_account_touches') }}) as changed
    union
    select account_touches.journey_key
    from {{ ref('mart_account_touches') }} as account_touches
    inner join touches on account_touches.touch_id = touches.touch_id
),

stale as (
    select conversion_id from ({{ changed_rows('mart_conversions') }}) as changed
    union
    select conversion_id from ({{ changed_rows('int_conversion_stages') }}) as changed
    union
    select conversions.conversion_id
    from conversions
    inner join touches
        on {{ is_in_reach('customer_id') }}
    union
    select conversions.conversion_id
    from conversions
    inner join account_touches on conversions.journey_key = account_touches.journey_key
)

select conversion_id from stale
{%- else %}

nothing as (
    select conversion_id from conversions
    where false
)

select conversion_id from nothing
{%- endif %}
