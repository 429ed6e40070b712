with

touches as (
    select touch_id, click_id, landing_query from {{ renewed('int_touches_collected', 'int_touches_renewed') }}
    where click_id is not null or landing_query is not null
),

click_ids as (
    select
        alias as click_id,
        network,
        kind = 'ad_click_id' as is_ad_click,
        cast(null as {{ dbt.type_string() }}) as channel
    from {{ ref('int_network_aliases_resolved') }}
    where kind in ('click_id', 'ad_click_id')
    union all
    select
        click_id,
        cast(null as {{ dbt.type_string() }}) as network,
        is_paid as is_ad_click,
        channel
    from {{ ref('seed_click_ids') }}
)

select
    touches.touch_id,
    case when count(distinct click_ids.network) = 1 then min(click_ids.network) end as network,
    max(case when click_ids.channel is null then 1 else 0 end) = 1 as is_social,
    max(case when click_ids.is_ad_click then 1 else 0 end) = 1 as is_ad_click,
    min(click_ids.channel) as channel
from touches
inner join click_ids
    on contains(touches.landing_query, '&' || click_ids.click_id || '=')
    or left(touches.click_id, length(click_ids.click_id) + 1) in (click_ids.click_id || '=', click_ids.click_id || ':')
group by touches.touch_id
