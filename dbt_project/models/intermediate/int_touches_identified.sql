with

touches as (
    select * from {{ ref('int_touches_deduped') }}
),

networks as (
    select network from {{ ref('stg_raw__networks') }}
),

names as (
    select alias, network from {{ ref('int_network_aliases_resolved') }}
    where kind = 'utm_source'
),

hosts as (
    select * from {{ ref('int_referrer_hosts_resolved') }}
),

clicks as (
    select * from {{ ref('int_touch_clicks_resolved') }}
)

select
    touches.*,
    coalesce(
        networks.network,
        given_names.network,
        touches.network_given,
        names.network,
        hosts.network,
        clicks.network
    ) as network,
    hosts.kind as referrer_kind,
    names.alias is not null or clicks.touch_id is not null or coalesce(hosts.kind = 'social', false) as is_social
from touches
left join networks on touches.network_given = networks.network
left join names as given_names on touches.network_given = given_names.alias
left join names on touches.utm_source = names.alias
left join hosts on touches.referrer_host = hosts.host
left join clicks on touches.touch_id = clicks.touch_id
