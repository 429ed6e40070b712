with

file_totals as (
    select * from {{ ref('stg_raw__file_totals') }}
)

select
    file_sha256,
    metric,
    native_name,
    total_loaded,
    rows_with_value,
    part
from file_totals
