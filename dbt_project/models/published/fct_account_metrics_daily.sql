with

account_metrics_daily as (
    select * from {{ ref('mart_account_metrics_daily') }}
)

select
    network,
    account,
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
    {% for metric in metric_names() | reject('in', contract_metrics()) -%}
    {{ metric }},
    {% endfor -%}
    spend_original_amount,
    spend_original_currency
from account_metrics_daily
