with

conversions as (
    select * from {{ ref('mart_conversions') }}
)

select
    conversion_id,
    kind,
    customer_id,
    account_id,
    converted_at,
    revenue,
    refunded,
    net_revenue,
    margin,
    original_amount,
    original_currency,
    has_rate,
    is_cancelled,
    status,
    is_new_customer,
    discount_code,
    source,
    shop,
    conversion_date,
    rate_date,
    original_refunded,
    seller_id,
    customer_id_given
from conversions
