with

priced as (
    select * from {{ ref('int_conversions_priced') }}
),

netted as (
    select
        *,
        case when is_cancelled then 0 * revenue else revenue - coalesce(refunded, 0) end as net_revenue
    from priced
)

select
    conversion_id,
    kind,
    source,
    shop,
    customer_id,
    customer_id_given,
    account_id,
    journey_key,
    opportunity_key,
    seller_id,
    converted_at,
    {{ local_date('converted_at') }} as conversion_date,
    {{ epoch_second('converted_at') }} as converted_second,
    discount_code,
    status,
    is_cancelled,
    is_new_customer,
    has_rate,
    revenue,
    refunded,
    net_revenue,
    net_revenue - cost_of_goods as margin,
    original_amount,
    original_currency,
    original_refunded,
    rate_date
from netted
