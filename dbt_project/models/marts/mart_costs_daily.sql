{{ config(materialized='view') }}
{%- set not_counted = {'exports': 'stated_cost_id', 'costs': 'reported_cost_id'}.get(var('ad_spend_from')) -%}
with

costs as (
    select * from {{ ref('int_costs_spread') }}
),

set_aside as (
    select distinct
        {{ not_counted or 'stated_cost_id' }} as cost_id,
        metric_date
    from {{ ref('int_costs_doubled') }}
    where {{ 'true' if not_counted else 'false' }}
)

select costs.*
from costs
left join set_aside on costs.cost_id = set_aside.cost_id and costs.metric_date = set_aside.metric_date
where set_aside.cost_id is null
