with

conversions as (
    select conversion_id, revenue from {{ ref('mart_conversions') }}
),

conversion_touches as (
    select * from {{ ref('int_conversion_touches') }}
    where age_seconds <= {{ var('lookback_days') }} * 86400
),

touches as (
    select * from {{ ref('mart_touches') }}
),

converted_paths as (
    select
        conversion_id,
        {{ json_list_agg('channel', 'touched_at, touch_id') }} as path
    from conversion_touches
    group by conversion_id
),

converting_customers as (
    select distinct touches.customer_id
    from conversion_touches
    inner join touches on conversion_touches.touch_id = touches.touch_id
),

other_paths as (
    select {{ json_list_agg('touches.channel', 'touches.touched_at, touches.touch_id') }} as path
    from touches
    left join converting_customers on touches.customer_id = converting_customers.customer_id
    where converting_customers.customer_id is null
    group by touches.customer_id
),

counted as (
    select
        coalesce(converted_paths.path, '[]') as path,
        1 as conversions,
        conversions.revenue,
        0 as non_conversions
    from conversions
    left join converted_paths on conversions.conversion_id = converted_paths.conversion_id
    union all
    select
        path,
        0 as conversions,
        cast(null as decimal(18, 6)) as revenue,
        1 as non_conversions
    from other_paths
)

select
    path,
    sum(conversions) as conversions,
    cast(sum(revenue) as decimal(18, 6)) as revenue,
    sum(non_conversions) as non_conversions
from counted
group by path
