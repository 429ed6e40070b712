{{ config(materialized='incremental', pre_hook="{{ forget('int_actions_stale', 'action_key') }}") }}
with

ranked as (
    select ranked.* from {{ ref('int_action_metrics_ranked') }} as ranked
    {{ only_stale('int_actions_stale', 'ranked', 'action_key') }}
),

ranges_marked as (
    select
        *,
        case
            when range_start <= max(range_end) over (
                partition by action_key, source_rank
                order by range_start, range_end, precedence
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as is_new_range
    from ranked
    where basis_rank = 3
),

ranges_numbered as (
    select
        *,
        sum(is_new_range) over (
            partition by action_key, source_rank
            order by range_start, range_end, precedence
            rows between unbounded preceding and current row
        ) as range_number
    from ranges_marked
),

range_starts as (
    select
        action_key,
        precedence,
        min(range_start) over (partition by action_key, source_rank, range_number) as first_range_start
    from ranges_numbered
),

dated as (
    select
        ranked.*,
        case ranked.basis_rank
            when 1 then ranked.metric_date
            when 2 then ranked.observed_date
            else range_starts.first_range_start
        end as observation_date
    from ranked
    left join range_starts
        on ranked.action_key = range_starts.action_key and ranked.precedence = range_starts.precedence
)

select
    action_key,
    network,
    source_rank,
    basis_rank,
    observation_date,
    min(observed_date) as first_observed_date,
    {{ latest_value('period_start') }} as period_start,
    {{ latest_value('currency') }} as currency,
    {{ latest_values(metric_names()) }}
from dated
group by action_key, network, source_rank, basis_rank, observation_date
