with

touches as (
    select * from {{ renewed('int_touches_collected', 'int_touches_renewed') }}
),

names as (
    select alias, network from {{ ref('int_network_aliases_resolved') }}
    where kind = 'utm_source'
    union
    select network as alias, network from {{ ref('stg_raw__networks') }}
),

hosts as (
    select * from {{ ref('int_referrer_hosts_resolved') }}
),

clicks as (
    select * from {{ ref('int_touch_clicks_resolved') }}
),

marks as (
    select * from {{ ref('int_touch_marks_resolved') }}
),

signs as (
    select
        touches.*,
        coalesce(given_names.network, touches.network_given) as given_network,
        marks.network as mark_network,
        names.network as link_network,
        hosts.network as referrer_network,
        clicks.network as click_network,
        marks.kind as mark_kind,
        marks.campaign as mark_campaign,
        marks.action_key as mark_action_key,
        marks.seller_id as mark_seller_id,
        marks.channel as mark_channel,
        hosts.kind as referrer_kind,
        clicks.channel as click_channel,
        clicks.is_ad_click,
        names.alias is not null or coalesce(clicks.is_social, false) or coalesce(hosts.kind = 'social', false) as is_social
    from touches
    left join names as given_names on touches.network_given = given_names.alias
    left join names on touches.utm_network = names.alias
    left join hosts on touches.referrer_host = hosts.host
    left join clicks on touches.touch_id = clicks.touch_id
    left join marks on touches.touch_id = marks.touch_id
)

select
    *,
    coalesce(given_network, mark_network, link_network, referrer_network, click_network) as network,
    case
        when given_network is not null then 'given'
        when mark_network is not null then mark_kind
        when link_network is not null then 'utm'
        when referrer_network is not null then 'referrer'
        when click_network is not null then 'click_id'
    end as network_evidence,
    coalesce(campaign_given, mark_campaign, utm_campaign) as campaign,
    case
        when campaign_given is not null then 'given'
        when mark_campaign is not null then mark_kind
        when utm_campaign is not null then 'utm'
    end as campaign_evidence
from signs
