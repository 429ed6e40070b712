{{ config(materialized='incremental', pre_hook="{{ forget('int_action_days_stale', ['action_key', 'metric_date']) }}") }}
with

combined as (
    select
        *,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as known_currency
    from {{ ref('int_action_metrics_combined') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

priced as (
    select
        combined.*,
        rates.currency_micros,
        rates.reporting_micros
    from combined
    {{ only_stale('int_action_days_stale', 'combined', ['action_key', 'metric_date']) }}
    left join rates on combined.known_currency = rates.currency and combined.metric_date = rates.rate_day
)

select
    action_key,
    network,
    metric_date,
    {{ typed_metrics(metric_names() | reject('in', money_metrics()) | list) }},
    {% for metric in money_metrics() -%}
    {{ in_reporting_currency(metric, 'known_currency') }} as {{ metric }},
    {% endfor -%}
    case basis_strength
        when 1 then 'reported_daily'
        when 2 then 'snapshot_delta'
        else 'spread_estimate'
    end as basis,
    is_restated_down,
    cast(spend as decimal(18, 6)) as spend_original_amount,
    case when spend is not null then known_currency end as spend_original_currency
from priced
