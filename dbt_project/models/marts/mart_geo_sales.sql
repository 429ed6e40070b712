with

geo_sales as (
    select * from {{ ref('int_geo_sales_stated') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

priced as (
    select
        geo_sales.*,
        {{ in_reporting_currency('geo_sales.revenue', 'geo_sales.currency', 'rates') }} as reporting_revenue,
        {{ has_rate('geo_sales.currency', 'rates') }} as has_rate
    from geo_sales
    left join rates on geo_sales.currency = rates.currency and geo_sales.metric_date = rates.rate_day
)

select
    experiment_id,
    geo,
    metric_date,
    max(geo_group) as geo_group,
    cast(sum(reporting_revenue) as decimal(18, 6)) as revenue,
    sum(case when has_rate then 0 else 1 end) as without_rate
from priced
group by experiment_id, geo, metric_date
