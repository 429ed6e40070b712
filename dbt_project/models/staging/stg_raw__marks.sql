with

source as (
    select * from {{ source('raw', 'marks') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        mark_type,
        mark,
        network,
        channel,
        campaign,
        action_id,
        seller_id
    from source
)

select * from renamed
