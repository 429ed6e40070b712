with

source as (
    select * from {{ source('raw', 'networks') }}
),

renamed as (
    select
        network,
        display_name,
        status,
        metrics_offered
    from source
)

select * from renamed
