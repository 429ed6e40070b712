{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('int_customers_stale', 'customer_id') }}"
) }}
with

touches as (
    select
        touches.customer_id,
        touches.touch_id,
        {%- for grain in var('journey_grains') %}
        {{ journey_state(grain) }} as {{ grain }}_state,
        {%- endfor %}
        touches.touched_at
    from {{ ref('mart_touches') }} as touches
    {{ only_stale('int_customers_stale', 'touches', 'customer_id') }}
),

converting as (
    select distinct customer_id from {{ ref('int_conversion_customers') }}
)

select
    {%- for grain in var('journey_grains') %}
    {{ json_list_agg('touches.' ~ grain ~ '_state', 'touches.touched_at, touches.touch_id') }} as {{ grain }}_path,
    {%- endfor %}
    touches.customer_id,
    max(touches.touched_at) as last_touched_at
from touches
left join converting on touches.customer_id = converting.customer_id
where converting.customer_id is null
group by touches.customer_id
