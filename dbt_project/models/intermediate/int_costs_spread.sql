{{ config(materialized='incremental', pre_hook=[
    "{{ forget_all(\"basis = 'stated'\") }}",
    "{{ forget('int_action_days_stale', ['action_key', 'metric_date']) }}",
]) }}
with

costs as (
    select
        *,
        {{ to_micros('original_amount') }} as original_micros,
        {{ dbt.datediff('period_start', 'period_end', 'day') }} + 1 as days_in_period
    from {{ ref('int_costs_collected') }}
    {%- if is_increment() %}
    where basis = 'stated' or {{ is_in('int_action_days_stale', ['action_key', 'period_start'], ['action_key', 'metric_date']) }}
    {%- endif %}
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
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
)

select
    split.cost_id,
    split.metric_date,
    split.basis,
    split.cost_type,
    split.network,
    split.account,
    split.campaign,
    split.action_key,
    split.seller_id,
    {{ in_reporting_currency('split.original_day_amount', 'split.original_currency', 'rates') }} as cost,
    {{ has_rate('split.original_currency', 'rates') }} as has_rate,
    split.original_day_amount as original_amount,
    split.original_currency,
    case when split.original_currency = '{{ var("reporting_currency") }}' then split.metric_date else rates.quoted_on end as rate_date
from split
left join rates on split.original_currency = rates.currency and split.metric_date = rates.rate_day
