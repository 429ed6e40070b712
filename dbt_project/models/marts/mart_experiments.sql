with

experiments as (
    select * from {{ ref('int_experiments_stated') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
)

select
    experiments.experiment_id,
    experiments.network,
    experiments.campaign,
    experiments.design,
    experiments.direction,
    experiments.start_date,
    experiments.end_date,
    {% for amount in ['incremental_revenue', 'standard_error', 'spend'] -%}
    {{ in_reporting_currency('experiments.' ~ amount, 'experiments.currency', 'rates') }} as {{ amount }},
    {% endfor -%}
    {{ has_rate('experiments.currency', 'rates') }} as has_rate
from experiments
left join rates on experiments.currency = rates.currency and experiments.end_date = rates.rate_day
