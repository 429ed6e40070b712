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
    {%- if var('utm_content_is_action_id') %}
    union all
    select touch_id, network, 2 as priority, 'id' as kind, utm_content as reference from touches
    {%- endif %}
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
            else found.action_key
        end as action_key
    from touches
    left join found on touches.touch_id = found.touch_id
)

select
    keyed.touch_id,
    keyed.customer_id,
    keyed.account_id,
    keyed.touched_at,
    keyed.touch_type,
    keyed.channel,
    keyed.utm_source,
    keyed.utm_medium,
    keyed.utm_campaign,
    keyed.referrer_host,
    keyed.referrer_kind,
    keyed.landing_host,
    keyed.is_social,
    keyed.discount_code,
    keyed.action_key,
    coalesce(keyed.network, actions.network) as network,
    coalesce(keyed.campaign, actions.campaign) as campaign,
    coalesce(keyed.seller_id, actions.seller_id) as seller_id,
    case
        when keyed.action_key is not null then 'action'
        when keyed.network is not null and keyed.campaign is not null then 'campaign'
        when keyed.network is not null then 'network'
        else 'channel'
    end as match_level
from keyed
left join actions on keyed.action_key = actions.action_key
