with

selected as (
    select * from {{ ref('int_action_metrics_selected') }}
),

actions as (
    select action_key, published_date from {{ ref('int_actions_described') }}
),

firsts as (
    select
        action_key,
        network,
        min(basis_rank) as basis_rank,
        min(first_observed_date) as first_observed_date,
        min(period_start) as period_start,
        max_by(currency, case when currency is not null then observation_date end) as currency,
        {% for metric in summable_metrics() -%}
        min_by({{ metric }}, case when {{ metric }} is not null then observation_date end) as {{ metric }},
        {% endfor %}
        {% for metric in standing_metrics() -%}
        max_by({{ metric }}, case when {{ metric }} is not null then observation_date end) as {{ metric }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from selected
    where basis_rank > 1
    group by action_key, network, basis_rank, case when basis_rank = 3 then observation_date end
)

select
    firsts.*,
    least(
        coalesce(
            greatest(actions.published_date, firsts.period_start),
            firsts.period_start,
            actions.published_date,
            firsts.first_observed_date
        ),
        coalesce(firsts.first_observed_date, actions.published_date)
    ) as metric_date
from firsts
left join actions on firsts.action_key = actions.action_key
