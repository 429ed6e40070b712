{#- mart_touches is read as it was, before this run brings it up to date. -#}
{%- if is_increment() -%}
select
    touches.touch_id,
    {{ touch_columns() | join(',\n    ') }}
from marts.mart_touches as touches
{{ only_stale('int_touches_stale', 'touches', 'touch_id') }}
{%- else -%}
select touch_id from {{ ref('int_touches_stale') }}
{%- endif %}
