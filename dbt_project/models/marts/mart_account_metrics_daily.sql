with

latest as (
    select
        *,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as known_currency
    from {{ ref('int_account_metrics_latest') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

priced as (
    select
        latest.*,
        rates.currency_micros,
        rates.reporting_micros
    from latest
    left join rates on latest.known_currency = rates.currency and latest.metric_date = rates.rate_day
)

select
    network,
    account,
    metric_date,
    {{ typed_metrics(metric_names() | reject('in', money_metrics()) | list) }},
    {% for metric in money_metrics() -%}
    {{ in_reporting_currency(metric, 'known_currency') }} as {{ metric }},
    {% endfor -%}
    cast(spend as decimal(18, 6)) as spend_original_amount,
    case when spend is not null then known_currency end as spend_original_currency
from priced
