{{ config(materialized='view') }}
{%- set models = var('path_models') -%}
with

models as (
    {%- for model in models %}
    select '{{ model }}' as model
    {%- if not loop.last %} union all{% endif %}
    {%- else %}
    select cast(null as {{ dbt.type_string() }}) as model where false
    {%- endfor %}
),

conversions as (
    select
        conversions.*,
        cast(1000000000 as {{ wide_integer() }}) as credit_billionths,
        {{ to_micros('revenue') }} as revenue_micros,
        {{ to_micros('net_revenue') }} as net_revenue_micros
    from {{ ref('mart_conversions') }} as conversions
    {{ only_stale('int_paths_stale', 'conversions', 'conversion_id') }}
),

weighed as (
    select
        *,
        cast(weight as {{ wide_integer() }}) as wide_weight
    from {{ ref('int_touches_weighed_by_chain') }}
    where weight > 0
),

summed as (
    select
        *,
        sum(wide_weight) over (
            partition by model, conversion_id
            order by position
            rows between unbounded preceding and current row
        ) as running_weight,
        sum(wide_weight) over (partition by model, conversion_id) as total_weight
    from weighed
),

split as (
    select
        models.model,
        conversions.conversion_id,
        summed.touch_id,
        summed.{{ origin_columns() | join(',\n        summed.') }},
        {%- for amount in ['credit_billionths', 'revenue_micros', 'net_revenue_micros'] %}
        case
            when summed.touch_id is null then conversions.{{ amount }}
            else {{ split_micros(
                'conversions.' ~ amount, 'summed.wide_weight', 'summed.running_weight', 'summed.total_weight'
            ) }}
        end as {{ amount }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from models
    cross join conversions
    left join summed on models.model = summed.model and conversions.conversion_id = summed.conversion_id
)

select
    model,
    conversion_id,
    touch_id,
    {{ origin_columns() | join(',\n    ') }},
    {{ from_billionths('credit_billionths') }} as credit,
    {{ from_micros('revenue_micros') }} as revenue_credited,
    {{ from_micros('net_revenue_micros') }} as net_revenue_credited
from split
