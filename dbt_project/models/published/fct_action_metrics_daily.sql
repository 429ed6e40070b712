with

action_metrics_daily as (
    select * from {{ ref('mart_action_metrics_daily') }}
)

select
    action_key,
    network,
    metric_date,
    impressions,
    reach,
    engagements,
    reactions,
    comments,
    shares,
    saves,
    link_clicks,
    video_views,
    follows,
    spend,
    basis,
    is_restated_down,
    {% for metric in metric_names() | reject('in', contract_metrics()) -%}
    {{ metric }},
    {% endfor -%}
    spend_original_amount,
    spend_original_currency
from action_metrics_daily
