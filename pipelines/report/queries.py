"""The SQL behind the figures: over the published tables only, aggregated before a row leaves the engine."""

from __future__ import annotations

from pipelines.report.values import NO_TOUCH, NOT_STATED, OTHER_CHANNELS

ANY_SALE = """(
    exists (select * from published.fct_conversions)
    or exists (select * from published.fct_network_roi_daily where conversions_credited <> 0)
)"""
"""Without a single conversion nobody knows what a network may be credited with: nothing, then, is not 0."""

NETWORK_ROI = f"""
select
    r.model,
    coalesce(r.network, '{NOT_STATED}') as network,
    coalesce(any_value(n.display_name), any_value(r.network), 'No network stated') as display_name,
    sum(r.cost) as cost,
    coalesce({{unpriced}}, 0) as costs_without_rate,
    coalesce(sum(case when r.network is not null then r.conversions_credited end), 0) as conversions_credited,
    sum(case when r.network is not null then r.revenue_credited end) as revenue_credited,
    {ANY_SALE} as any_sale
from published.fct_network_roi_daily as r
left join published.dim_networks as n on r.network = n.network
group by r.model, coalesce(r.network, '{NOT_STATED}')
having coalesce(sum(r.cost), 0) <> 0 or coalesce({{unpriced}}, 0) <> 0
    or coalesce(sum(case when r.network is not null then abs(r.conversions_credited) end), 0) <> 0
order by r.model, max(r.network) is null, revenue_credited desc nulls last, cost desc nulls last, network
"""

SOCIAL_SLICES = """
select
    model, network as series, cast(date_trunc($1, metric_date) as date) as period_start,
    sum(revenue_credited) as revenue
from published.fct_network_roi_daily
where network is not null and revenue_credited <> 0
group by all
order by all
"""

OTHER_SLICES = f"""
select
    model,
    case when channel = '{NO_TOUCH}' then '{NO_TOUCH}' else '{OTHER_CHANNELS}' end as series,
    cast(
        date_trunc($1, timezone($2, timezone('UTC', cast(converted_at as timestamp)))) as date
    ) as period_start,
    sum(revenue_credited) as revenue
from published.fct_attributed_revenue
where network is null and revenue_credited <> 0
group by all
order by all
"""

CHANNELS = f"""
select model, channel, sum(credit) as conversions_credited, sum(revenue_credited) as revenue
from published.fct_attributed_revenue
where network is null
group by model, channel
order by model, channel = '{NO_TOUCH}', revenue desc nulls last, channel
"""

ACTIONS = """
with metrics as (
    select action_key, sum(impressions) as impressions, sum(link_clicks) as link_clicks
    from published.fct_action_metrics_daily
    group by action_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by model
            order by revenue_credited desc nulls last, conversions_credited desc, action_key
        ) as position,
        sum(revenue_credited) over (partition by model) as actions_revenue
    from published.fct_action_roi
    where revenue_credited > 0 or conversions_credited > 0
)

select
    r.model, r.position, r.actions_revenue, r.network, coalesce(n.display_name, r.network) as display_name,
    d.action_type, d.published_at, d.campaign, d.permalink, d.text_excerpt, r.conversions_credited,
    r.revenue_credited, r.revenue_allocated, r.cost, r.roas, m.impressions, m.link_clicks
from ranked as r
left join published.dim_actions as d on r.action_key = d.action_key
left join published.dim_networks as n on r.network = n.network
left join metrics as m on r.action_key = m.action_key
where r.position <= $1
order by r.model, r.position
"""

UNRATED = f"""
select
    coalesce(original_currency, '{NOT_STATED}') as currency, count(*) as conversions,
    sum(original_amount) as original_amount
from published.fct_conversions
where revenue is null
group by all
order by conversions desc, currency
"""

PERIOD = """
select min(day) as first_day, max(day) as last_day
from (
    select metric_date as day from published.fct_network_roi_daily where cost <> 0 or revenue_credited <> 0
    union all
    select cast(timezone($1, timezone('UTC', cast(converted_at as timestamp))) as date)
    from published.fct_conversions
)
"""
