{{ config(tags=['attribution']) }}
with

conversions as (
    select
        conversion_id,
        {{ 'cast(null as date)' if var('path_period') == 'all' else first_day_of(var('path_period'), 'conversion_date') }}
            as period_start
    from {{ ref('mart_conversions') }}
),
{%- if is_increment() %}

periods as (
    select distinct period_start from ({{ changed_rows('stg_attribution__weights') }}) as changed
)

select conversion_id from {{ ref('int_conversions_stale') }}
union
select conversions.conversion_id
from conversions
inner join periods on conversions.period_start is not distinct from periods.period_start
{%- else %}

nothing as (
    select conversion_id from conversions
    where false
)

select conversion_id from nothing
{%- endif %}
