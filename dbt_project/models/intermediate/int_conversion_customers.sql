{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('int_conversions_stale', 'conversion_id') }}"
) }}
-- depends_on: {{ ref('int_customers_stale') }}
select distinct
    touches.conversion_id,
    touches.customer_id
from {{ ref('int_conversion_touches') }} as touches
{{ only_stale('int_conversions_stale', 'touches', 'conversion_id') }}
where touches.is_in_journey
