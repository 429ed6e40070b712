{%- set counts = ['impressions', 'video_views', 'engagements', 'link_clicks'] -%}
with

actions as (
    select action_key, campaign, action_type from {{ ref('mart_actions') }}
),

action_metrics as (
    select * from {{ ref('mart_action_metrics_daily') }}
),

account_metrics as (
    select * from {{ ref('mart_account_metrics_daily') }}
),

costs as (
    select * from {{ ref('mart_costs_daily') }}
    where network is not null
),

unioned as (
    select
        action_metrics.network,
        actions.campaign,
        action_metrics.metric_date,
        {% for count in counts -%}
        action_metrics.{{ count }},
        case when actions.action_type = 'ad' then action_metrics.{{ count }} end as ads_{{ count }},
        cast(null as bigint) as account_{{ count }},
        {% endfor -%}
        action_metrics.revenue_claimed,
        cast(null as decimal(18, 6)) as cost,
        0 as costs_without_rate
    from action_metrics
    left join actions on action_metrics.action_key = actions.action_key
    union all
    select
        network,
        cast(null as {{ dbt.type_string() }}) as campaign,
        metric_date,
        {% for count in counts -%}
        cast(null as bigint) as {{ count }},
        cast(null as bigint) as ads_{{ count }},
        {{ count }} as account_{{ count }},
        {% endfor -%}
        cast(null as decimal(18, 6)) as revenue_claimed,
        cast(null as decimal(18, 6)) as cost,
        0 as costs_without_rate
    from account_metrics
    union all
    select
        network,
        campaign,
        metric_date,
        {% for count in counts -%}
        cast(null as bigint) as {{ count }},
        cast(null as bigint) as ads_{{ count }},
        cast(null as bigint) as account_{{ count }},
        {% endfor -%}
        cast(null as decimal(18, 6)) as revenue_claimed,
        cost,
        case when has_rate then 0 else 1 end as costs_without_rate
    from costs
)

select
    network,
    campaign,
    metric_date,
    {% for count in counts -%}
    cast(sum({{ count }}) as bigint) as {{ count }},
    cast(sum(ads_{{ count }}) as bigint) as ads_{{ count }},
    cast(sum(account_{{ count }}) as bigint) as account_{{ count }},
    {% endfor -%}
    cast(sum(revenue_claimed) as decimal(18, 6)) as revenue_claimed,
    cast(sum(cost) as decimal(18, 6)) as cost,
    cast(sum(costs_without_rate) as bigint) as costs_without_rate
from unioned
group by network, campaign, metric_date
