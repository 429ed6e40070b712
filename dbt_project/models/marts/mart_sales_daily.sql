with

stated as (
    select * from {{ ref('int_daily_sales_stated') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

priced as (
    select
        stated.metric_date,
        stated.controls,
        {{ in_reporting_currency('stated.revenue', 'stated.currency', 'rates') }} as revenue,
        {{ has_rate('stated.currency', 'rates') }} as has_rate
    from stated
    left join rates on stated.currency = rates.currency and stated.metric_date = rates.rate_day
),

conversions as (
    select * from {{ ref('mart_conversions') }}
    where (select count(*) from stated) = 0
)

select
    metric_date,
    'daily_sales' as basis,
    cast(sum(revenue) as decimal(18, 6)) as revenue,
    sum(case when has_rate then 0 else 1 end) as without_rate,
    max(controls) as controls
from priced
group by metric_date
union all
select
    conversion_date as metric_date,
    'conversions' as basis,
    cast(sum(net_revenue) as decimal(18, 6)) as revenue,
    sum(case when has_rate or original_amount is null then 0 else 1 end) as without_rate,
    cast(null as {{ dbt.type_string() }}) as controls
from conversions
group by conversion_date
