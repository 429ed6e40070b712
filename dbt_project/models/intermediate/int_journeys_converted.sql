{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('int_conversions_stale', 'conversion_id') }}"
) }}
with

touches as (
    select
        touches.conversion_id,
        touches.touch_id,
        {%- for grain in var('journey_grains') %}
        {{ journey_state(grain) }} as {{ grain }}_state,
        {%- endfor %}
        touches.touched_at
    from {{ renewed('int_conversion_touches', 'int_conversion_touches_renewed') }} as touches
    where touches.is_in_journey
)

select
    {%- for grain in var('journey_grains') %}
    {{ json_list_agg(grain ~ '_state', 'touched_at, touch_id') }} as {{ grain }}_path,
    {%- endfor %}
    conversion_id
from touches
group by conversion_id
