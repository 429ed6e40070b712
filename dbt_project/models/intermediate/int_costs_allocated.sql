with

costs as (
    select
        cost_id,
        cost_type,
        network,
        account,
        campaign,
        seller_id,
        min(metric_date) as first_day,
        max(metric_date) as last_day,
        {{ to_micros('sum(cost)') }} as cost_micros
    from {{ ref('mart_costs_daily') }}
    where action_key is null
    group by cost_id, cost_type, network, account, campaign, seller_id
    having min(case when has_rate then 1 else 0 end) = 1
),

actions as (
    select * from {{ ref('int_actions_described') }}
    where published_date is not null
),

shared as (
    select
        costs.cost_id,
        costs.cost_micros,
        actions.action_key,
        row_number() over (partition by costs.cost_id order by actions.action_key) as place,
        count(*) over (partition by costs.cost_id) as sharers
    from costs
    inner join actions
        on actions.published_date between costs.first_day and costs.last_day
        and (costs.network is null or costs.network = actions.network)
        and (costs.account is null or costs.account = actions.account)
        and (costs.campaign is null or costs.campaign = actions.campaign)
        and (costs.seller_id is null or costs.seller_id = actions.seller_id)
        and (costs.cost_type = 'ad_spend') = (actions.action_type = 'ad')
)

select
    cost_id,
    action_key,
    {{ from_micros(split_micros('cost_micros', '1', 'place', 'sharers')) }} as cost_allocated
from shared
