with

daily_sales as (
    select * from {{ ref('stg_raw__daily_sales') }}
),

ranked as (
    select
        *,
        upper(currency) as known_currency,
        {{ precedence_of(['metric_date', 'upper(currency)'], finally_by=['revenue', 'controls']) }} as precedence
    from daily_sales
)

select
    metric_date,
    known_currency as currency,
    {{ latest_values(['revenue', 'controls']) }}
from ranked
group by metric_date, known_currency
