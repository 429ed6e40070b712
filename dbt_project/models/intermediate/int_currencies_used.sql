{#- Every amount of money and the days it may be asked to be converted on. -#}
{%- set amounts = [
    ('int_conversions_collected', local_date('converted_at'), local_date('converted_at')),
    ('int_costs_stated', 'period_start', 'period_end'),
    ('int_action_metrics_combined', 'metric_date', 'metric_date'),
    ('int_account_metrics_latest', 'metric_date', 'metric_date'),
    ('stg_raw__daily_sales', 'metric_date', 'metric_date'),
    ('stg_raw__geo_sales', 'metric_date', 'metric_date'),
    ('stg_raw__experiments', 'start_date', 'end_date'),
    ('stg_raw__objectives', 'period_start', 'period_end'),
] -%}
with

amounts as (
    {%- for model, first_day, last_day in amounts %}
    select
        {{ 'original_currency' if model in ['int_conversions_collected', 'int_costs_stated'] else 'currency' }} as currency,
        min({{ first_day }}) as first_day,
        max({{ last_day }}) as last_day
    from {{ ref(model) }}
    group by {{ 'original_currency' if model in ['int_conversions_collected', 'int_costs_stated'] else 'currency' }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    upper(currency) as currency,
    min(first_day) as first_day,
    max(last_day) as last_day
from amounts
where currency is not null
group by upper(currency)
