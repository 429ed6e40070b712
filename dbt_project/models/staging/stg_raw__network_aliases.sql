with

source as (
    select * from {{ source('raw', 'network_aliases') }}
),

renamed as (
    select
        network,
        kind,
        value
    from source
)

select * from renamed
