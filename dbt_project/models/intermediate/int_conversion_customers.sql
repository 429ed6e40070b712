{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('int_conversions_stale', 'conversion_id') }}"
) }}
-- depends_on: {{ ref('int_customers_stale') }}
select distinct
    touches.conversion_id,
    touches.customer_id
from {{ renewed('int_conversion_touches', 'int_conversion_touches_renewed') }} as touches
where touches.is_in_journey
