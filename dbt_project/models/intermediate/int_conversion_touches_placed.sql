{{ config(
    tags=['attribution'], materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('int_conversions_stale', 'conversion_id') }}"
) }}
select
    conversion_id,
    touch_id,
    {{ origin_columns() | join(',\n    ') }},
    row_number() over (partition by conversion_id order by touched_at, touch_id) as position,
    count(*) over (partition by conversion_id, channel) as channel_touches,
    {{ journey_state(var('path_grain')) }} as state
from {{ renewed('int_conversion_touches', 'int_conversion_touches_renewed') }}
where is_in_journey and {{ 'true' if var('path_models') else 'false' }}
