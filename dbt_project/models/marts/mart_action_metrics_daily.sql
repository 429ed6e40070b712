with

combined as (
    select
        *,
        {{ reporting_rate("coalesce(currency, '" ~ var('reporting_currency') ~ "')") }} as rate
    from {{ ref('int_action_metrics_combined') }}
)

select
    action_key,
    network,
    metric_date,
    {{ typed_metrics(metric_names() | reject('in', money_metrics()) | list) }},
    {% for metric in money_metrics() -%}
    {{ in_reporting_currency(metric, 'rate') }} as {{ metric }},
    {% endfor -%}
    case basis_strength
        when 1 then 'reported_daily'
        when 2 then 'snapshot_delta'
        else 'spread_estimate'
    end as basis,
    is_restated_down,
    cast(spend as decimal(18, 6)) as spend_original_amount,
    case when spend is not null then upper(coalesce(currency, '{{ var("reporting_currency") }}')) end
        as spend_original_currency
from combined
