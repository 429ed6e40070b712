{{ config(materialized='incremental', pre_hook="{{ forget('int_actions_stale', 'action_key') }}") }}
with

observed as (
    select
        observed.*,
        observed.basis_rank - 10 * observed.source_rank as distrust
    from {{ ref('int_action_metrics_observed') }} as observed
    {{ only_stale('int_actions_stale', 'observed', 'action_key') }}
),

selected as (
    select
        action_key,
        network,
        source_rank,
        basis_rank,
        observation_date,
        first_observed_date,
        period_start,
        currency,
        {% for metric in metric_names() -%}
        case
            when distrust = min(case when {{ metric }} is not null then distrust end) over (partition by action_key)
                then {{ metric }}
        end as {{ metric }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from observed
)

select * from selected
where {{ any_metric_reported() }}
