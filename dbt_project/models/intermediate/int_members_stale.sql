{{ config(tags=['attribution']) }}
with

daily as (
    select * from {{ ref('mart_roi_daily') }}
),
{%- if is_increment() %}

models as (
    select model from {{ ref('int_attribution_models') }}
),

actions_changed as (
    select action_key from ({{ changed_rows('mart_actions') }}) as actions
    union
    select action_key from ({{ changed_rows('int_costs_allocated') }}) as costs
),

stale as (
    select
        model,
        dimension,
        member
    from built.members_replaced
    union
    select
        daily.model,
        daily.dimension,
        daily.member
    from daily
    {{ only_stale('int_results_stale', 'daily', ['model', 'metric_date']) }}
    union
    select
        models.model,
        'action' as dimension,
        actions_changed.action_key as member
    from models
    cross join actions_changed
    union
    select
        model,
        'action' as dimension,
        action_key as member
    from ({{ changed_rows('mart_allocations') }}) as allocations
)

select * from stale
{%- else %}

nothing as (
    select
        model,
        dimension,
        member
    from daily
    where false
)

select * from nothing
{%- endif %}
