with

source as (
    select * from {{ source('raw', 'objectives') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        objective_id,
        name,
        metric,
        period_start,
        period_end,
        target,
        network,
        campaign,
        currency
    from source
)

select * from renamed
