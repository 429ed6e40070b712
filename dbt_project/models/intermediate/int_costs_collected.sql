{{ config(materialized='view') }}
with

stated as (
    select * from {{ ref('int_costs_stated') }}
),

spend as (
    select * from {{ ref('int_action_metrics_combined') }}
    where spend is not null
),

actions as (
    select action_key, account, campaign, seller_id from {{ ref('int_actions_described') }}
)

select
    cost_id,
    'stated' as basis,
    period_start,
    period_end,
    cost_type,
    network,
    account,
    campaign,
    action_key,
    seller_id,
    original_amount,
    original_currency
from stated
union all
select
    'action|' || spend.action_key || '|' || cast(spend.metric_date as {{ dbt.type_string() }}) as cost_id,
    'reported' as basis,
    spend.metric_date as period_start,
    spend.metric_date as period_end,
    'ad_spend' as cost_type,
    spend.network,
    actions.account,
    actions.campaign,
    spend.action_key,
    actions.seller_id,
    cast(spend.spend as decimal(18, 6)) as original_amount,
    upper(coalesce(spend.currency, '{{ var("reporting_currency") }}')) as original_currency
from spend
left join actions on spend.action_key = actions.action_key
