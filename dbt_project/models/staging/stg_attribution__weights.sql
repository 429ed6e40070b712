with

source as (
    select * from {{ source('attribution', 'weights') }}
),

renamed as (
    select
        period_start,
        state,
        weight
    from source
)

select * from renamed
