with

source as (
    select * from {{ source('raw', 'sources') }}
),

renamed as (
    select
        source,
        kind,
        rank as source_rank,
        display_name
    from source
)

select * from renamed
