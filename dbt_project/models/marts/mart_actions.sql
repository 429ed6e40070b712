with

described as (
    select * from {{ ref('int_actions_described') }}
),

touches as (
    select action_key, network from {{ ref('mart_touches') }}
    where action_key is not null
),

costs as (
    select action_key, network from {{ ref('int_costs_collected') }}
    where action_key is not null
),

codes as (
    select
        action_key,
        min(network) as network,
        min(campaign) as campaign,
        min(seller_id) as seller_id
    from {{ ref('int_marks_resolved') }}
    where is_action
    group by action_key
),

mentioned as (
    select * from touches
    union
    select * from costs
    union
    select action_key, network from codes
)

select
    mentioned.action_key,
    mentioned.network,
    '(not stated)' as account,
    substring(mentioned.action_key, length(mentioned.network) + 2) as action_id,
    case when codes.action_key is null then 'post' else 'creator_code' end as action_type,
    cast(null as timestamp) as published_at,
    cast(null as date) as published_date,
    codes.campaign,
    cast(null as {{ dbt.type_string() }}) as format,
    cast(null as {{ dbt.type_string() }}) as permalink,
    cast(null as {{ dbt.type_string() }}) as text_excerpt,
    codes.seller_id,
    false as is_reported
from mentioned
left join codes on mentioned.action_key = codes.action_key
left join described on mentioned.action_key = described.action_key
where described.action_key is null
union all
select
    action_key,
    network,
    account,
    action_id,
    action_type,
    coalesce(published_at, cast(published_date as timestamp)) as published_at,
    published_date,
    campaign,
    format,
    permalink,
    text_excerpt,
    seller_id,
    true as is_reported
from described
