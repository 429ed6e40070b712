{{ config(tags=['attribution']) }}
with

changed as (
    select * from {{ ref('int_attributed_changed') }}
),
{%- if is_increment() %}

models as (
    select model from {{ ref('int_attribution_models') }}
),

costs_changed as (
    select distinct metric_date from ({{ changed_rows('mart_costs_daily') }}) as costs
),

actions_changed as (
    {{ changed_rows('mart_actions') }}
),

stale as (
    select
        model,
        conversion_date as metric_date
    from changed
    union
    select
        models.model,
        costs_changed.metric_date
    from models
    cross join costs_changed
    union
    select
        model,
        conversion_date as metric_date
    from {{ ref('mart_attributed') }}
    where action_key in (select actions_changed.action_key from actions_changed)
)

select * from stale
{%- else %}

nothing as (
    select
        model,
        conversion_date as metric_date
    from changed
    where false
)

select * from nothing
{%- endif %}
