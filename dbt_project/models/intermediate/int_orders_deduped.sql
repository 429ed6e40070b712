with

orders as (
    select * from {{ ref('stg_raw__orders') }}
),

known_ids as (
    select
        source,
        coalesce(shop, '') as shop_name,
        order_name,
        min(order_id) as known_id
    from orders
    where order_id <> order_name
    group by source, coalesce(shop, ''), order_name
    having count(distinct order_id) = 1
),

named as (
    select
        orders.*,
        case
            when orders.order_id = orders.order_name then coalesce(known_ids.known_id, orders.order_id)
            else orders.order_id
        end as order_key
    from orders
    left join known_ids
        on
        orders.source = known_ids.source
        and coalesce(orders.shop, '') = known_ids.shop_name
        and orders.order_name = known_ids.order_name
),

scoped as (
    select
        *,
        case when order_key = order_name then coalesce(shop, '') else '' end as id_scope
    from named
),

ranked as (
    select
        *,
        {{ precedence_of(
            ['source', 'id_scope', 'order_key'],
            finally_by=['revenue', 'refunded_amount', 'cost_of_goods']
        ) }} as precedence
    from scoped
)

select
    source,
    id_scope,
    order_key as order_id,
    max_by(revenue, precedence) as revenue,
    max_by(currency, precedence) as currency,
    {{ latest_values([
        'shop', 'order_name', 'customer_id', 'ordered_at', 'cost_of_goods', 'discount_code', 'status', 'is_cancelled',
        'refunded_amount', 'refunded_at', 'is_new_customer', 'subtotal', 'discount_amount',
        'self_reported_source'
    ]) }}
from ranked
group by source, id_scope, order_key
