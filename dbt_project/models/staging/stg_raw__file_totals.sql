with

source as (
    select * from {{ source('raw', 'file_totals') }}
),

renamed as (
    select
        file_sha256,
        part,
        metric,
        native_name,
        total_loaded,
        rows_with_value
    from source
)

select * from renamed
