with

touches as (
    select * from {{ ref('int_touches_identified') }}
),

action_references as (
    select * from {{ ref('int_action_references_listed') }}
),

actions as (
    select action_key, network, campaign, seller_id from {{ ref('int_actions_described') }}
),

wanted as (
    select touch_id, network, 1 as priority, 'id' as kind, lower(action_id) as reference from touches
    union all
    select touch_id, network, 2 as priority, 'id' as kind, utm_action_id as reference from touches
    union all
    select touch_id, network, 3 as priority, 'permalink' as kind, referrer_key as reference from touches
    union all
    select touch_id, network, 4 as priority, 'permalink' as kind, landing_key as reference from touches
),

found as (
    select
        wanted.touch_id,
        min(wanted.priority) as priority,
        min_by(action_references.action_key, wanted.priority) as action_key
    from wanted
    inner join action_references
        on wanted.kind = action_references.kind
        and wanted.reference = action_references.reference
        and (wanted.network = action_references.network or (wanted.network is null and action_references.is_unique))
    group by wanted.touch_id
),

keyed as (
    select
        touches.*,
        case
            when touches.network is not null and touches.action_id is not null and coalesce(found.priority, 9) > 1
                then touches.network || ':' || touches.action_id
            when coalesce(found.priority, 9) > 1 then coalesce(touches.mark_action_key, found.action_key)
            else found.action_key
        end as action_key,
        case
            when found.priority = 1 or (touches.network is not null and touches.action_id is not null) then 'given'
            when touches.mark_action_key is not null then touches.mark_kind
            when found.priority = 2 then 'utm'
            else 'permalink'
        end as action_evidence
    from touches
    left join found on touches.touch_id = found.touch_id
),

levelled as (
    select
        *,
        case
            when action_key is not null then 'action'
            when network is not null and campaign is not null then 'campaign'
            when network is not null then 'network'
            else 'channel'
        end as match_level
    from keyed
)

select
    levelled.touch_id,
    levelled.customer_id,
    levelled.account_id,
    levelled.touched_at,
    levelled.touch_type,
    coalesce(levelled.channel, levelled.mark_channel) as channel,
    levelled.utm_source,
    levelled.utm_medium,
    levelled.utm_campaign,
    levelled.referrer_host,
    levelled.referrer_kind,
    levelled.landing_host,
    levelled.is_social,
    levelled.is_ad_click,
    levelled.click_channel,
    levelled.is_answer,
    levelled.action_key,
    coalesce(levelled.network, actions.network) as network,
    coalesce(levelled.campaign, actions.campaign) as campaign,
    coalesce(levelled.seller_id, levelled.mark_seller_id, actions.seller_id) as seller_id,
    levelled.match_level,
    case
        when levelled.touch_type = 'self_reported' then 'self_reported'
        when levelled.match_level = 'action' then levelled.action_evidence
        when levelled.match_level = 'campaign' then levelled.campaign_evidence
        when levelled.match_level = 'network' then levelled.network_evidence
    end as match_evidence
from levelled
left join actions on levelled.action_key = actions.action_key
