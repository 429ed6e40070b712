with

dated as (
    select
        *,
        {{ local_date('converted_at') }} as conversion_date
    from {{ ref('int_conversions_united') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

rated as (
    select
        dated.*,
        {{ has_rate('dated.original_currency', 'rates') }} as has_rate,
        case
            when dated.original_currency = '{{ var("reporting_currency") }}' then dated.conversion_date
            else rates.quoted_on
        end as rate_date,
        rates.currency_micros,
        rates.reporting_micros
    from dated
    left join rates on dated.original_currency = rates.currency and dated.conversion_date = rates.rate_day
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
    discount_code,
    status,
    is_cancelled,
    is_new_customer,
    original_amount,
    original_currency,
    original_refunded,
    has_rate,
    rate_date,
    {{ in_reporting_currency('original_amount', 'original_currency') }} as revenue,
    {{ in_reporting_currency('original_refunded', 'original_currency') }} as refunded,
    {{ in_reporting_currency('original_cost_of_goods', 'original_currency') }} as cost_of_goods
from rated
