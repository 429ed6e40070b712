{{ config(tags=['incrementality']) }}
with

advice as (
    select * from {{ ref('stg_incrementality__advice') }}
)

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
from advice
