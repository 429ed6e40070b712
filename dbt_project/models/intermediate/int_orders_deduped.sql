with

orders as (
    select * from {{ ref('stg_raw__orders') }}
),

scoped as (
    select
        *,
        case when order_id = order_name then coalesce(shop, '') else '' end as id_scope
    from orders
),

ranked as (
    select
        *,
        {{ precedence_of(
            ['source', 'id_scope', 'order_id'],
            finally_by=['revenue', 'refunded_amount', 'cost_of_goods']
        ) }} as precedence
    from scoped
)

select
    source,
    id_scope,
    order_id,
    max_by(revenue, precedence) as revenue,
    max_by(currency, precedence) as currency,
    {{ latest_values([
        'shop', 'order_name', 'customer_id', 'ordered_at', 'cost_of_goods', 'discount_code', 'status', 'is_cancelled',
        'refunded_amount', 'refunded_at', 'is_new_customer', 'subtotal', 'discount_amount'
    ]) }}
from ranked
group by source, id_scope, order_id
