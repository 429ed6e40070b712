with

spend as (
    select * from {{ ref('int_costs_spread') }}
    where cost_type = 'ad_spend' and original_amount <> 0
)

select
    stated.cost_id as stated_cost_id,
    reported.cost_id as reported_cost_id,
    stated.metric_date,
    stated.network,
    stated.campaign
from spend as stated
inner join spend as reported
    on stated.network = reported.network
    and stated.metric_date = reported.metric_date
    and (stated.account is null or stated.account = reported.account)
    and (stated.campaign is null or stated.campaign = reported.campaign)
    and (stated.action_key is null or stated.action_key = reported.action_key)
where stated.basis = 'stated' and reported.basis = 'reported'
