with

attributed as (
    select * from {{ ref('mart_attributed') }}
),

monthly as (
    select
        model,
        cast(date_trunc('month', conversion_date) as date) as month_start,
        cast(date_trunc('quarter', conversion_date) as date) as quarter_start,
        min(min(conversion_date)) over () as first_day,
        channel,
        sum(credit) as conversions,
        sum(revenue_credited) as revenue,
        sum(net_revenue_credited) as net_revenue
    from attributed
    group by model, date_trunc('month', conversion_date), date_trunc('quarter', conversion_date), channel
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

totalled as (
    select
        *,
        sum(conversions) over (partition by model, period_kind, period_start) as period_conversions,
        sum(revenue) over (partition by model, period_kind, period_start) as period_revenue
    from periods
)

select
    model,
    period_kind,
    period_start,
    channel,
    cast(conversions as decimal(18, 6)) as conversions_credited,
    cast(revenue as decimal(18, 6)) as revenue_credited,
    cast(null as double) as removal_effect,
    case
        when coalesce(period_revenue, 0) = 0 then {{ ratio('conversions', 'period_conversions') }}
        else {{ ratio('coalesce(revenue, 0)', 'period_revenue') }}
    end as credit_share,
    cast(net_revenue as decimal(18, 6)) as net_revenue_credited
from totalled
