{{ config(tags=['incrementality']) }}
with

source as (
    select * from {{ source('incrementality', 'estimates') }}
),

renamed as (
    select
        grain,
        network,
        member,
        period_kind,
        period_start,
        period_end,
        incremental_revenue,
        incremental_revenue_low,
        incremental_revenue_high,
        spend,
        incremental_roas,
        incremental_roas_low,
        incremental_roas_high,
        evidence,
        method,
        is_prior_dominated,
        reason
    from source
)

select * from renamed
