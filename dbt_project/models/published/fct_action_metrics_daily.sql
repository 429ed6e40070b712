{{ config(
    materialized='incremental', on_schema_change='fail',
    pre_hook="{{ forget('int_action_days_stale', ['action_key', 'metric_date']) }}"
) }}
with

action_metrics_daily as (
    select daily.* from {{ ref('mart_action_metrics_daily') }} as daily
    {{ only_stale('int_action_days_stale', 'daily', ['action_key', 'metric_date']) }}
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
