{{ config(materialized='view') }}
with

conversions as (
    select * from {{ ref('mart_conversions') }}
),

touches as (
    select * from {{ ref('int_journey_touches') }}
),

{{ touches_in_reach() }}
