with

touches as (
    select touch_id, click_id, landing_query from {{ ref('int_touches_deduped') }}
    where click_id is not null or landing_query is not null
),

aliases as (
    select alias, network from {{ ref('int_network_aliases_resolved') }}
    where kind = 'click_id'
)

select
    touches.touch_id,
    case when count(distinct aliases.network) = 1 then min(aliases.network) end as network
from touches
inner join aliases
    on contains(touches.landing_query, '&' || aliases.alias || '=')
    or left(touches.click_id, length(aliases.alias) + 1) in (aliases.alias || '=', aliases.alias || ':')
group by touches.touch_id
