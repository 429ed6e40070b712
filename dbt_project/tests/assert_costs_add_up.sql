-- The days of a cost add up to exactly the cost: none is lost, not even one whose currency has no rate.
with

spread as (
    select
        cost_id,
        sum(original_amount) as amount
    from {{ ref('int_costs_spread') }}
    group by cost_id
)

select
    costs.cost_id,
    costs.original_amount,
    spread.amount
from {{ ref('int_costs_collected') }} as costs
left join spread on costs.cost_id = spread.cost_id
where spread.amount is distinct from costs.original_amount
