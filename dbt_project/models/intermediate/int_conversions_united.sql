with

conversions as (
    select * from {{ ref('int_conversions_identified') }}
),

pairs as (
    select * from {{ ref('int_sales_paired') }}
    where {{ 'true' if var('same_sale_days') else 'false' }}
),

orders as (
    select
        pairs.opportunity_conversion_id,
        conversions.discount_code,
        conversions.is_cancelled,
        conversions.original_refunded,
        conversions.original_cost_of_goods
    from pairs
    inner join conversions on pairs.order_conversion_id = conversions.conversion_id
)

select
    conversions.conversion_id,
    conversions.kind,
    conversions.source,
    conversions.shop,
    conversions.customer_id,
    conversions.customer_id_given,
    conversions.account_id,
    conversions.journey_key,
    conversions.opportunity_key,
    conversions.seller_id,
    conversions.converted_at,
    coalesce(conversions.discount_code, orders.discount_code) as discount_code,
    conversions.status,
    conversions.is_cancelled or coalesce(orders.is_cancelled, false) as is_cancelled,
    conversions.is_new_customer,
    conversions.original_amount,
    conversions.original_currency,
    coalesce(conversions.original_refunded, orders.original_refunded) as original_refunded,
    coalesce(conversions.original_cost_of_goods, orders.original_cost_of_goods) as original_cost_of_goods
from conversions
left join orders on conversions.conversion_id = orders.opportunity_conversion_id
left join pairs on conversions.conversion_id = pairs.order_conversion_id
where pairs.order_conversion_id is null
