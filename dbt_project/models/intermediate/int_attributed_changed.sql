{{ config(tags=['attribution']) }}
{%- if is_increment() -%}
select
    model,
    conversion_date,
    touch_date,
    network,
    action_key
from built.attributed_replaced
union
{% endif -%}
select {{ credit_columns() }}
from {{ ref('mart_attributed') }}
where {{ is_credit_stale() if is_increment() else 'false' }}
