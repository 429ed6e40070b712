select
    model,
    network,
    action_key,
    cast(sum(revenue_allocated) as decimal(18, 6)) as revenue_allocated
from {{ ref('int_allocations_daily') }}
group by model, network, action_key
