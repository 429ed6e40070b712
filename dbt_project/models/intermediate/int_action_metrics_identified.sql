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
        coalesce(position(action_metrics.action_id in action_metrics.permalink), 0) > 0 as is_id_of_link,
        {{ has_name_as_id('action_metrics') }} as has_name_as_id
    from action_metrics
    left join sources on action_metrics.source = sources.source
    where action_metrics.action_id is not null
),

ranks as (
    select
        network,
        min(source_rank) as lowest_rank,
        max(source_rank) as highest_rank,
        min(cast(is_id_of_link as integer)) < max(cast(is_id_of_link as integer)) as is_of_two_kinds
    from witnessed
    group by network
),

own as (
    select distinct
        witnessed.network,
        witnessed.action_id,
        case when not witnessed.is_id_of_link then witnessed.action_id end as own_id,
        {{ url_key('witnessed.permalink') }} as link
    from witnessed
    inner join ranks on witnessed.network = ranks.network and witnessed.source_rank = ranks.highest_rank
    where ranks.lowest_rank < ranks.highest_rank or ranks.is_of_two_kinds
),

own_ids as (
    select distinct network, own_id from own
),

own_links as (
    select network, link, coalesce(min(own_id), min(action_id)) as action_id from own
    where link is not null
    group by network, link
    having count(distinct own_id) = 1 or count(distinct action_id) = 1
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
        case
            when witnessed.source_rank < ranks.highest_rank or (witnessed.is_id_of_link and ranks.is_of_two_kinds)
                then {{ url_key('witnessed.permalink') }}
        end as link
    from witnessed
    inner join ranks on witnessed.network = ranks.network
)

select
    linked.*,
    linked.has_name_as_id and ids_of_names.action_id is null as is_named,
    case
        when linked.has_name_as_id then coalesce(ids_of_names.action_id, linked.action_id)
        when own_ids.own_id is not null then linked.action_id
        else coalesce(own_links.action_id, linked.action_id)
    end as known_action_id
from linked
left join own_ids on linked.network = own_ids.network and linked.action_id = own_ids.own_id
left join own_links on linked.network = own_links.network and linked.link = own_links.link
left join ids_of_names
    on
    linked.has_name_as_id
    and linked.network = ids_of_names.network
    and linked.format = ids_of_names.format
    and linked.account is not distinct from ids_of_names.account
    and linked.campaign is not distinct from ids_of_names.campaign
    and linked.text_excerpt is not distinct from ids_of_names.text_excerpt
