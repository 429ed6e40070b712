with

conversions as (
    select conversions.* from {{ ref('mart_conversions') }} as conversions
    {{ only_stale('int_conversions_stale', 'conversions', 'conversion_id') }}
    {% if not is_increment() %}where false{% endif %}
),

touches as (
    select * from {{ ref('int_journey_touches') }}
),

{{ touches_in_reach() }}
