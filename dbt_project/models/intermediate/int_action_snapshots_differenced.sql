with

snapshots as (
    select * from {{ ref('int_action_metrics_selected') }}
    where basis_rank = 2
),

differenced as (
    select
        action_key,
        network,
        observation_date as metric_date,
        currency,
        {% for metric in summable_metrics() -%}
        {{ metric }} - last_value({{ metric }} ignore nulls) over (
            partition by action_key
            order by observation_date
            rows between unbounded preceding and 1 preceding
        ) as {{ metric }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from snapshots
)

select
    *,
    coalesce(
        {% for metric in summable_metrics() %}{{ metric }} < 0{% if not loop.last %} or {% endif %}{% endfor %}, false
    ) as is_restated_down
from differenced
where {% for metric in summable_metrics() %}coalesce({{ metric }} <> 0, false){% if not loop.last %} or {% endif %}{% endfor %}
