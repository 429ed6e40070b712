with

source as (
    select * from {{ source('raw', 'loads') }}
),

renamed as (
    select
        reading_id,
        file_sha256,
        path,
        source,
        format,
        networks,
        account,
        locale,
        encoding,
        grain,
        period_start,
        period_end,
        spec_version,
        rows_read,
        rows_loaded,
        rows_quarantined,
        rows_ignored,
        loaded_at,
        status,
        reason
    from source
)

select * from renamed
