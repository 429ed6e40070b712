with

quarantine as (
    select * from {{ ref('stg_raw__quarantine') }}
)

select
    file_sha256,
    row_number,
    reason,
    column_name,
    value_excerpt,
    part
from quarantine
