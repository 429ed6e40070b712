{%- if is_increment() -%}
{%- set columns = (['touch_id'] + touch_columns()) | join(', ') -%}
with

replaced as (
    select {{ columns }} from {{ ref('int_touches_replaced') }}
),

renewed as (
    select touches.* from {{ ref('mart_touches') }} as touches
    {{ only_stale('int_touches_stale', 'touches', 'touch_id') }}
),

changed as (
    (
        select {{ columns }} from replaced
        except
        select {{ columns }} from renewed
    )
    union all
    (
        select {{ columns }} from renewed
        except
        select {{ columns }} from replaced
    )
)

select * from changed
{%- else -%}
select
    touch_id,
    customer_id,
    touched_second
from {{ ref('mart_touches') }}
where false
{%- endif %}
