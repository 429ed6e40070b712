with

touches as (
    select touch_id, {{ local_date('touched_at') }} as touch_date from {{ ref('mart_touches') }}
    where match_level = 'network'
),

credited as (
    select
        attributed.model,
        attributed.network,
        touches.touch_date,
        cast({{ to_micros('sum(attributed.revenue_credited)') }} as {{ wide_integer() }}) as revenue_micros
    from {{ ref('mart_attributed') }} as attributed
    inner join touches on attributed.touch_id = touches.touch_id
    where attributed.revenue_credited is not null
    group by attributed.model, attributed.network, touches.touch_date
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

select
    model,
    network,
    action_key,
    cast(sum(revenue_allocated) as decimal(18, 6)) as revenue_allocated
from split
group by model, network, action_key
