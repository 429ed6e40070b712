with

latest as (
    select
        *,
        {{ reporting_rate("coalesce(currency, '" ~ var('reporting_currency') ~ "')") }} as rate
    from {{ ref('int_account_metrics_latest') }}
)

select
    network,
    account,
    metric_date,
    {{ typed_metrics(metric_names() | reject('in', money_metrics()) | list) }},
    {% for metric in money_metrics() -%}
    {{ in_reporting_currency(metric, 'rate') }} as {{ metric }},
    {% endfor -%}
    cast(spend as decimal(18, 6)) as spend_original_amount,
    case when spend is not null then upper(coalesce(currency, '{{ var("reporting_currency") }}')) end
        as spend_original_currency
from latest
