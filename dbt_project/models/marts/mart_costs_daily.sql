with

costs as (
    select
        *,
        {{ to_micros('original_amount') }} as original_micros,
        {{ dbt.datediff('period_start', 'period_end', 'day') }} + 1 as days_in_period,
        {{ reporting_rate('original_currency') }} as rate
    from {{ ref('int_costs_collected') }}
),

days as (
    {{ days_between('(select min(period_start) from costs)', '(select max(period_end) from costs)') }}
),

spread as (
    select
        costs.*,
        days.day as metric_date,
        {{ dbt.datediff('costs.period_start', 'days.day', 'day') }} + 1 as day_number
    from costs
    inner join days on days.day between costs.period_start and costs.period_end
),

split as (
    select
        *,
        {{ from_micros(split_micros('original_micros', '1', 'day_number', 'days_in_period')) }} as original_day_amount
    from spread
)

select
    cost_id,
    metric_date,
    cost_type,
    network,
    account,
    campaign,
    action_key,
    seller_id,
    {{ in_reporting_currency('original_day_amount', 'rate') }} as cost,
    rate is not null as has_rate,
    original_day_amount as original_amount,
    original_currency
from split
