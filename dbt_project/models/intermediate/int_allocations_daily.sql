{{ config(
    tags=['attribution'], materialized='incremental',
    pre_hook="{{ forget('int_allocations_stale', ['model', 'network', 'touch_date']) }}"
) }}
with

attributed as (
    select
        model,
        network,
        touched_date as touch_date,
        touch_id,
        revenue_credited
    from {{ ref('mart_attributed') }}
    where revenue_credited is not null and network is not null
),

credited as (
    select
        attributed.model,
        attributed.network,
        attributed.touch_date,
        cast({{ to_micros('sum(attributed.revenue_credited)') }} as {{ wide_integer() }}) as revenue_micros
    from attributed
    inner join {{ ref('mart_touches') }} as touches on attributed.touch_id = touches.touch_id
    {{ only_stale('int_allocations_stale', 'attributed', ['model', 'network', 'touch_date']) }}
    where touches.match_level = 'network'
    group by attributed.model, attributed.network, attributed.touch_date
),

clicks as (
    select
        network,
        touch_date,
        action_key,
        cast(clicks as {{ wide_integer() }}) as clicks,
        cast(running_clicks as {{ wide_integer() }}) as running_clicks,
        cast(total_clicks as {{ wide_integer() }}) as total_clicks
    from {{ ref('int_network_clicks_windowed') }}
),

split as (
    select
        credited.model,
        credited.touch_date,
        clicks.network,
        clicks.action_key,
        {{ from_micros(split_micros(
            'credited.revenue_micros', 'clicks.clicks', 'clicks.running_clicks', 'clicks.total_clicks'
        )) }} as revenue_allocated
    from credited
    inner join clicks on credited.network = clicks.network and credited.touch_date = clicks.touch_date
)

select * from split
