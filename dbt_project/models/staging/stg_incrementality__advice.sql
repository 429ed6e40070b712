{{ config(tags=['incrementality']) }}
with

source as (
    select * from {{ source('incrementality', 'advice') }}
),

renamed as (
    select
        network,
        marginal_roas_low,
        marginal_roas_high,
        advice,
        advice_reason,
        test_days,
        test_part,
        test_standard_error,
        test_narrows
    from source
)

select * from renamed
