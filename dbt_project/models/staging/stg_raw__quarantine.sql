with

source as (
    select * from {{ source('raw', 'quarantine') }}
),

renamed as (
    select
        file_sha256,
        part,
        row_number,
        reason,
        column_name,
        value_excerpt
    from source
)

select * from renamed
