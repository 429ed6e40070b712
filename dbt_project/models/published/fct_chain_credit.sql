with

credits as (
    select
        *,
        case when state = '(none)' then {{ json_list(["'(none)'"]) }} else state end as place
    from {{ ref('stg_attribution__credits') }}
    where grain <> 'channel'
),

first_day as (
    select min(conversion_date) as first_day from {{ ref('mart_conversions') }}
),

placed as (
    select
        credits.model,
        credits.grain,
        credits.period_kind,
        coalesce(credits.period_start, first_day.first_day) as period_start,
        {{ json_item('credits.place', 0) }} as channel,
        {{ json_item('credits.place', 1) }} as network,
        {{ json_item('credits.place', 2) }} as member,
        credits.conversions_credited,
        credits.revenue_credited,
        credits.net_revenue_credited,
        credits.removal_effect
    from credits
    cross join first_day
    where first_day.first_day is not null
)

select
    model,
    grain,
    period_kind,
    period_start,
    channel,
    network,
    member,
    cast(sum(conversions_credited) as decimal(18, 9)) as conversions_credited,
    cast(sum(revenue_credited) as decimal(18, 6)) as revenue_credited,
    cast(sum(net_revenue_credited) as decimal(18, 6)) as net_revenue_credited,
    max(removal_effect) as removal_effect
from placed
group by model, grain, period_kind, period_start, channel, network, member
