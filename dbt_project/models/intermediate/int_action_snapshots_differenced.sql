with

snapshots as (
    select * from {{ ref('int_action_metrics_selected') }}
    where basis_rank = 2
),

differenced as (
    select
        action_key,
        network,
        source_rank,
        observation_date as metric_date,
        currency,
        {{ increases(summable_metrics(), 'action_key, source_rank', 'observation_date') }}
    from snapshots
)

select
    *,
    coalesce(least({{ summable_metrics() | join(', ') }}) < 0, false) as is_restated_down
from differenced
where least({{ summable_metrics() | join(', ') }}) < 0 or greatest({{ summable_metrics() | join(', ') }}) > 0
