with

checks as (
    select * from {{ ref('stg_raw__checks') }}
)

select
    run_id,
    stage,
    suite,
    expectation,
    severity,
    success,
    observed,
    expected,
    checked_at
from checks
