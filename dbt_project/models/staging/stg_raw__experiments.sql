with

source as (
    select * from {{ source('raw', 'experiments') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        experiment_id,
        network,
        campaign,
        design,
        direction,
        start_date,
        end_date,
        currency,
        incremental_revenue,
        standard_error,
        spend
    from source
)

select * from renamed
