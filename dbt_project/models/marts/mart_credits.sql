{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('int_conversions_stale', 'conversion_id') }}"
) }}
select * from {{ ref('int_credits_by_rule') }}
