with

loads as (
    select * from {{ ref('stg_raw__loads') }}
)

select
    file_sha256,
    path,
    source,
    format,
    account,
    locale,
    rows_read,
    rows_loaded,
    rows_quarantined,
    rows_ignored,
    loaded_at,
    status,
    reason,
    reading_id,
    networks,
    encoding,
    grain,
    period_start,
    period_end,
    spec_version
from loads
