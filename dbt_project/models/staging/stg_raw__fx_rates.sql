with

source as (
    select * from {{ source('raw', 'fx_rates') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        rate_date,
        currency,
        rate
    from source
)

select * from renamed
