{{ config(materialized='incremental', pre_hook="{{ forget('int_click_days_stale', ['network', 'touch_date']) }}") }}
with

touch_days as (
    select distinct
        network,
        touched_date as touch_date
    from {{ ref('mart_touches') }}
    where
        match_level = 'network'
        {%- if is_increment() %}
        and (network, touched_date) in (
            select stale.network, stale.touch_date from {{ ref('int_click_days_stale') }} as stale
        )
        {%- endif %}
),

clicks as (
    select action_key, network, metric_date, link_clicks from {{ ref('mart_action_metrics_daily') }}
    where link_clicks > 0
),

windowed as (
    select
        touch_days.network,
        touch_days.touch_date,
        clicks.action_key,
        cast(sum(clicks.link_clicks) as bigint) as clicks
    from touch_days
    inner join clicks
        on touch_days.network = clicks.network
        and touch_days.touch_date >= clicks.metric_date
        and {{ dbt.datediff('clicks.metric_date', 'touch_days.touch_date', 'day') }} <= {{ var('lookback_days') }}
    group by touch_days.network, touch_days.touch_date, clicks.action_key
)

select
    network,
    touch_date,
    action_key,
    clicks,
    sum(clicks) over (
        partition by network, touch_date
        order by action_key
        rows between unbounded preceding and current row
    ) as running_clicks,
    sum(clicks) over (partition by network, touch_date) as total_clicks
from windowed
