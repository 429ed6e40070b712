select touches.* from {{ ref('int_touches_collected') }} as touches
{{ only_stale('int_touches_stale', 'touches', 'touch_id') }}
{% if not is_increment() %}where false{% endif %}
