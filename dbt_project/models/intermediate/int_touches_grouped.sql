{#- GA4's default channel groups, in its order of precedence: https://support.google.com/analytics/answer/9756891 -#}
with

touches as (
    select * from {{ ref('int_touches_matched') }}
),

mediums as (
    select * from {{ ref('seed_mediums') }}
),

sources as (
    select * from {{ ref('seed_sources') }}
),

paid_aliases as (
    select distinct
        network,
        lower(trim(value)) as medium
    from {{ ref('stg_raw__network_aliases') }}
    where kind = 'paid_medium'
),

signs as (
    select
        touches.*,
        mediums.channel as medium_channel,
        coalesce(mediums.is_paid, false)
        or paid_aliases.medium is not null
        or coalesce(touches.is_ad_click, false)
        or coalesce(right(touches.channel, 5) = '_paid' or left(touches.channel, 5) = 'paid_', false) as is_paid,
        coalesce(sources.kind, touches.referrer_kind) as source_kind,
        coalesce(touches.utm_source, '(direct)') = '(direct)'
        and touches.utm_medium is null
        and (touches.referrer_host is null or touches.referrer_host = touches.landing_host)
        and coalesce(touches.touch_type, 'click') in ('click', 'view') as is_unsigned
    from touches
    left join mediums on touches.utm_medium = mediums.medium
    left join sources on touches.utm_source = sources.source
    left join paid_aliases on touches.utm_medium = paid_aliases.medium and touches.network = paid_aliases.network
)

select
    touch_id,
    is_paid,
    case
        when network is not null then network || case when is_paid then '_paid' else '' end
        when is_social and is_paid then 'paid_social'
        when is_unsigned and is_social then 'organic_social'
        when utm_medium is null and click_channel is not null then click_channel
        when is_unsigned or (medium_channel = 'direct' and coalesce(utm_source, '(direct)') = '(direct)') then 'direct'
        when lower(utm_campaign) like '%cross-network%' then 'cross_network'
        when utm_medium in ('display', 'banner', 'expandable', 'interstitial') then 'display'
        when is_paid and source_kind in ('search', 'shopping', 'video') then 'paid_' || source_kind
        when is_paid then coalesce(medium_channel, 'paid_other')
        when source_kind = 'shopping' then 'organic_shopping'
        when is_social or medium_channel = 'organic_social' then 'organic_social'
        when source_kind = 'video' or medium_channel = 'organic_video' then 'organic_video'
        when source_kind = 'search' and coalesce(medium_channel, 'referral') in ('organic_search', 'referral')
            then 'organic_search'
        when medium_channel <> 'direct' then medium_channel
        when source_kind = 'email' or utm_source in ('email', 'e-mail', 'newsletter') then 'email'
        when referrer_host is not null then 'referral'
        else 'other'
    end as channel
from signs
