with

orders as (
    select * from {{ ref('int_orders_deduped') }}
),

identified as (
    select
        case when source = 'orders' then '' else source || ':' || coalesce(nullif(id_scope, '') || ':', '') end
        || order_id as conversion_id,
        'order' as kind,
        *
    from orders
),

priced as (
    select
        *,
        {{ reporting_rate('currency') }} as rate
    from identified
)

select
    conversion_id,
    kind,
    source,
    shop,
    customer_id,
    ordered_at as converted_at,
    discount_code,
    status,
    coalesce(is_cancelled, lower(status) in ('cancelled', 'canceled', 'voided'), false) as is_cancelled,
    is_new_customer,
    revenue as original_amount,
    upper(currency) as original_currency,
    rate is not null as has_rate,
    {{ in_reporting_currency('revenue', 'rate') }} as revenue,
    {{ in_reporting_currency('refunded_amount', 'rate') }} as refunded,
    {{ in_reporting_currency('cost_of_goods', 'rate') }} as cost_of_goods
from priced
