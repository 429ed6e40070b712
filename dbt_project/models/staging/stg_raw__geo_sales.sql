with

source as (
    select * from {{ source('raw', 'geo_sales') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        metric_date,
        geo,
        revenue,
        currency,
        experiment_id,
        geo_group
    from source
)

select * from renamed
