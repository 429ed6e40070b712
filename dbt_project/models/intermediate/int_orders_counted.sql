with

orders as (
    select * from {{ ref('int_orders_deduped') }}
),

sources as (
    {%- for each in var('order_ranks') %}
    select '{{ each.source }}' as order_source, {{ each.rank }} as order_rank
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

ranked as (
    select
        orders.*,
        coalesce(sources.order_rank, {{ var('order_rank_of_others') }}) as order_rank
    from orders
    left join sources on orders.source = sources.order_source
),

best as (
    select min(order_rank) as best_rank from ranked
)

select
    ranked.*,
    ranked.order_rank = best.best_rank and ranked.order_rank < 9 as is_counted
from ranked
cross join best
