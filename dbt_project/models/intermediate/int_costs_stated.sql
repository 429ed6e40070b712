with

costs as (
    select * from {{ ref('stg_raw__costs') }}
),

names as (
    select alias, network from {{ ref('int_network_aliases_resolved') }}
    where kind = 'utm_source'
),

networks as (
    select network from {{ ref('stg_raw__networks') }}
),

actions as (
    select action_key, network, account, campaign, seller_id from {{ ref('int_actions_described') }}
),

keyed as (
    select
        *,
        concat_ws(
            '|', cast(period_start as {{ dbt.type_string() }}), cast(period_end as {{ dbt.type_string() }}),
            lower(cost_type), coalesce(lower(network), ''), coalesce(account, ''),
            coalesce(campaign, ''), coalesce(action_id, ''), coalesce(seller_id, ''),
            cast(coalesce(occurrence, 1) as {{ dbt.type_string() }})
        ) as cost_id
    from costs
),

ranked as (
    select
        *,
        row_number() over (
            partition by cost_id
            order by as_of desc nulls last, file_sha256 desc, row_number desc, layout desc
        ) as recency
    from keyed
),

stated as (
    select
        ranked.*,
        coalesce(networks.network, names.network, lower(ranked.network)) as known_network
    from ranked
    left join networks on lower(ranked.network) = networks.network
    left join names on lower(ranked.network) = names.alias
    where ranked.recency = 1
)

select
    stated.cost_id,
    stated.period_start,
    greatest(stated.period_start, coalesce(stated.period_end, stated.period_start)) as period_end,
    lower(stated.cost_type) as cost_type,
    stated.known_network as network,
    coalesce(stated.account, actions.account) as account,
    coalesce(stated.campaign, actions.campaign) as campaign,
    stated.known_network || ':' || stated.action_id as action_key,
    coalesce(stated.seller_id, actions.seller_id) as seller_id,
    stated.amount as original_amount,
    upper(stated.currency) as original_currency
from stated
left join actions on stated.known_network || ':' || stated.action_id = actions.action_key
