with

touch_days as (
    select distinct
        network,
        touched_date as touch_date
    from {{ ref('mart_touches') }}
    where match_level = 'network'
),
{%- if is_increment() %}

clicks_changed as (
    {{ changed_rows('mart_action_metrics_daily') }}
),

stale as (
    select
        network,
        touched_date as touch_date
    from {{ ref('int_touches_changed') }}
    where network is not null
    union
    select
        touch_days.network,
        touch_days.touch_date
    from touch_days
    inner join clicks_changed
        on touch_days.network = clicks_changed.network
        and touch_days.touch_date >= clicks_changed.metric_date
        and {{ dbt.datediff('clicks_changed.metric_date', 'touch_days.touch_date', 'day') }} <= {{ var('lookback_days') }}
)

select * from stale
{%- else %}

nothing as (
    select * from touch_days
    where false
)

select * from nothing
{%- endif %}
