with

source as (
    select * from {{ source('raw', 'daily_sales') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        metric_date,
        revenue,
        currency,
        controls
    from source
)

select * from renamed
