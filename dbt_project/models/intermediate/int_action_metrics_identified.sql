with

action_metrics as (
    select * from {{ ref('stg_raw__action_metrics') }}
),

sources as (
    select * from {{ ref('stg_raw__sources') }}
),

witnessed as (
    select
        action_metrics.*,
        coalesce(sources.source_rank, 2) as source_rank,
        {{ has_name_as_id('action_metrics') }} as has_name_as_id
    from action_metrics
    left join sources on action_metrics.source = sources.source
    where action_metrics.action_id is not null
),

ranks as (
    select
        network,
        min(source_rank) as lowest_rank,
        max(source_rank) as highest_rank
    from witnessed
    group by network
),

own as (
    select distinct
        witnessed.network,
        witnessed.action_id,
        {{ url_key('witnessed.permalink') }} as link
    from witnessed
    inner join ranks on witnessed.network = ranks.network and ranks.lowest_rank < ranks.highest_rank
    where witnessed.source_rank = ranks.highest_rank
),

own_ids as (
    select distinct network, action_id from own
),

own_links as (
    select
        network,
        link,
        min(action_id) as action_id
    from own
    where link is not null
    group by network, link
    having count(distinct action_id) = 1
),

ids_of_names as (
    select
        network,
        account,
        format,
        campaign,
        text_excerpt,
        min(action_id) as action_id
    from witnessed
    where action_type = 'ad' and not has_name_as_id
    group by network, account, format, campaign, text_excerpt
    having count(distinct action_id) = 1
),

linked as (
    select
        witnessed.*,
        ranks.highest_rank,
        case when witnessed.source_rank < ranks.highest_rank then {{ url_key('witnessed.permalink') }} end as link
    from witnessed
    inner join ranks on witnessed.network = ranks.network
)

select
    linked.*,
    linked.has_name_as_id and ids_of_names.action_id is null as is_named,
    case
        when linked.has_name_as_id then coalesce(ids_of_names.action_id, linked.action_id)
        when linked.source_rank = linked.highest_rank or own_ids.action_id is not null then linked.action_id
        else coalesce(own_links.action_id, linked.action_id)
    end as known_action_id
from linked
left join own_ids on linked.network = own_ids.network and linked.action_id = own_ids.action_id
left join own_links on linked.network = own_links.network and linked.link = own_links.link
left join ids_of_names
    on
    linked.has_name_as_id
    and linked.network = ids_of_names.network
    and linked.format = ids_of_names.format
    and linked.account is not distinct from ids_of_names.account
    and linked.campaign is not distinct from ids_of_names.campaign
    and linked.text_excerpt is not distinct from ids_of_names.text_excerpt
