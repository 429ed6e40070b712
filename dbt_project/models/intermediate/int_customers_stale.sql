{#- int_conversion_customers is read as it was, before this run brings it up to date. -#}
{%- if is_increment() -%}
select customer_id from {{ ref('int_touches_changed') }}
union
select customers.customer_id from intermediate.int_conversion_customers as customers
{{ only_stale('int_conversions_stale', 'customers', 'conversion_id') }}
union
select customer_id from {{ ref('int_conversion_touches_renewed') }}
{%- else -%}
select customer_id from {{ ref('int_touches_changed') }}
{%- endif %}
