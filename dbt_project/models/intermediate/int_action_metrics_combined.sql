{{ config(materialized='incremental', pre_hook="{{ forget('int_actions_stale', 'action_key') }}") }}
with

days as (
    select
        action_key, network, observation_date as metric_date, currency, 1 as basis_strength, false as is_restated_down,
        {{ metric_names() | join(', ') }}
    from {{ ref('int_action_metrics_selected') }}
    where basis_rank = 1
),

bookings as (
    select
        action_key, network, metric_date, currency, 3 as basis_strength, false as is_restated_down,
        {{ metric_names() | join(', ') }}
    from {{ ref('int_action_metrics_booked') }}
),

deltas as (
    select
        action_key, network, metric_date, currency, 2 as basis_strength, is_restated_down,
        {% for metric in metric_names() -%}
        {{ metric if metric in summable_metrics() else 'null as ' ~ metric }}{% if not loop.last %}, {% endif %}
        {%- endfor %}
    from {{ ref('int_action_snapshots_differenced') }}
),

unioned as (
    select * from days
    union all
    select * from bookings
    union all
    select * from deltas
),

stated as (
    select unioned.* from unioned
    {{ only_stale('int_actions_stale', 'unioned', 'action_key') }}
)

select
    action_key,
    network,
    metric_date,
    max(basis_strength) as basis_strength,
    max(currency) as currency,
    {% for metric in summable_metrics() -%}
    sum({{ metric }}) as {{ metric }},
    {% endfor %}
    {%- for metric in standing_metrics() -%}
    max({{ metric }}) as {{ metric }},
    {% endfor -%}
    max(case when is_restated_down then 1 else 0 end) = 1 as is_restated_down
from stated
group by action_key, network, metric_date
