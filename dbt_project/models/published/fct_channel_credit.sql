with

attributed as (
    select * from {{ ref('mart_attributed') }}
),

first_day as (
    select min(conversion_date) as first_day from {{ ref('mart_conversions') }}
),

monthly as (
    select
        attributed.model,
        cast(date_trunc('month', attributed.conversion_date) as date) as month_start,
        cast(date_trunc('quarter', attributed.conversion_date) as date) as quarter_start,
        first_day.first_day,
        attributed.channel,
        sum(attributed.credit) as conversions,
        sum(attributed.revenue_credited) as revenue,
        sum(attributed.net_revenue_credited) as net_revenue
    from attributed
    cross join first_day
    group by
        attributed.model,
        date_trunc('month', attributed.conversion_date),
        date_trunc('quarter', attributed.conversion_date),
        first_day.first_day,
        attributed.channel
),

periods as (
    {%- for kind, start in [('all', 'first_day'), ('quarter', 'quarter_start'), ('month', 'month_start')] %}
    select
        model,
        '{{ kind }}' as period_kind,
        {{ start }} as period_start,
        channel,
        sum(conversions) as conversions,
        sum(revenue) as revenue,
        sum(net_revenue) as net_revenue
    from monthly
    group by model, {{ start }}, channel
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

totals as (
    select
        credits.model,
        credits.period_kind,
        coalesce(credits.period_start, first_day.first_day) as period_start,
        credits.state as channel,
        credits.conversions_credited as conversions,
        credits.revenue_credited as revenue,
        credits.net_revenue_credited as net_revenue,
        credits.removal_effect
    from {{ ref('stg_attribution__credits') }} as credits
    cross join first_day
    where credits.grain = 'channel' and first_day.first_day is not null
),

unioned as (
    select *, cast(null as double) as removal_effect from periods
    union all
    select * from totals
),

totalled as (
    select
        *,
        sum(conversions) over (partition by model, period_kind, period_start) as period_conversions,
        sum(revenue) over (partition by model, period_kind, period_start) as period_revenue
    from unioned
)

select
    model,
    period_kind,
    period_start,
    channel,
    cast(conversions as decimal(18, 9)) as conversions_credited,
    cast(revenue as decimal(18, 6)) as revenue_credited,
    removal_effect,
    case
        when coalesce(period_revenue, 0) = 0 then {{ ratio('conversions', 'period_conversions') }}
        else {{ ratio('coalesce(revenue, 0)', 'period_revenue') }}
    end as credit_share,
    cast(net_revenue as decimal(18, 6)) as net_revenue_credited
from totalled
