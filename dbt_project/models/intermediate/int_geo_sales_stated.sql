with

geo_sales as (
    select * from {{ ref('stg_raw__geo_sales') }}
    where experiment_id is not null
),

ranked as (
    select
        *,
        upper(currency) as known_currency,
        {{ precedence_of(
            ['experiment_id', 'geo', 'metric_date', 'upper(currency)'], finally_by=['revenue', 'geo_group']
        ) }} as precedence
    from geo_sales
)

select
    experiment_id,
    geo,
    metric_date,
    known_currency as currency,
    {{ latest_values(['revenue', 'geo_group']) }}
from ranked
group by experiment_id, geo, metric_date, known_currency
