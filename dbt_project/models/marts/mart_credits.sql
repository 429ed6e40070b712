with

models as (
    select model from {{ ref('int_attribution_models') }}
),

conversions as (
    select
        *,
        {{ to_micros('1') }} as credit_micros,
        {{ to_micros('revenue') }} as revenue_micros,
        {{ to_micros('net_revenue') }} as net_revenue_micros
    from {{ ref('mart_conversions') }}
),

weighed as (
    select
        *,
        cast(weight as {{ wide_integer() }}) as wide_weight
    from {{ ref('int_touches_weighed') }}
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
)

select
    models.model,
    conversions.conversion_id,
    summed.touch_id,
    {%- for amount in ['credit', 'revenue', 'net_revenue'] %}
    {%- set micros = 'conversions.' ~ amount ~ '_micros' %}
    {{ from_micros(
        'case when summed.touch_id is null then ' ~ micros ~ ' else '
        ~ split_micros(micros, 'summed.wide_weight', 'summed.running_weight', 'summed.total_weight') ~ ' end'
    ) }} as {{ amount if amount == 'credit' else amount ~ '_credited' }}{% if not loop.last %},{% endif %}
    {%- endfor %}
from models
cross join conversions
left join summed on models.model = summed.model and conversions.conversion_id = summed.conversion_id
