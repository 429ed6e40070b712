with

experiments as (
    select * from {{ ref('stg_raw__experiments') }}
),

ranked as (
    select
        *,
        {{ precedence_of(['experiment_id'], finally_by=['incremental_revenue', 'standard_error', 'spend']) }} as precedence
    from experiments
),

latest as (
    select
        experiment_id,
        max(precedence) as precedence
    from ranked
    group by experiment_id
)

select
    ranked.experiment_id,
    ranked.network,
    ranked.campaign,
    ranked.design,
    ranked.direction,
    ranked.start_date,
    ranked.end_date,
    upper(ranked.currency) as currency,
    ranked.incremental_revenue,
    ranked.standard_error,
    ranked.spend
from ranked
inner join latest on ranked.experiment_id = latest.experiment_id and ranked.precedence = latest.precedence
