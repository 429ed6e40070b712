with

marks as (
    select
        *,
        case when mark_type = 'short_link' then {{ url_key('mark') }} else lower(trim(mark)) end as comparable
    from {{ ref('stg_raw__marks') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by mark_type, comparable
            order by as_of desc nulls last, file_sha256 desc, row_number desc, layout desc
        ) as recency
    from marks
    where comparable is not null
),

names as (
    select alias, network from {{ ref('int_network_aliases_resolved') }}
    where kind = 'utm_source'
),

named as (
    select
        ranked.mark_type,
        case when right(ranked.comparable, 1) = '*' then left(ranked.comparable, length(ranked.comparable) - 1) end
            as prefix,
        ranked.comparable as mark_key,
        coalesce(names.network, lower(ranked.network)) as network,
        ranked.channel,
        ranked.campaign,
        coalesce(
            ranked.action_id, case when ranked.mark_type = 'discount_code' then trim(ranked.mark) end
        ) as action_id,
        ranked.action_id is null and ranked.mark_type = 'discount_code' and ranked.network is not null as is_action,
        ranked.seller_id
    from ranked
    left join names on lower(ranked.network) = names.alias
    where ranked.recency = 1
),

action_references as (
    select * from {{ ref('int_action_references_listed') }}
    where kind = 'id'
)

select
    named.mark_type,
    named.mark_key,
    named.prefix,
    named.network,
    named.channel,
    named.campaign,
    named.seller_id,
    coalesce(action_references.action_key, named.network || ':' || named.action_id) as action_key,
    named.is_action and action_references.action_key is null as is_action
from named
left join action_references
    on named.network = action_references.network and lower(named.action_id) = action_references.reference
