with

source as (
    select * from {{ source('raw', 'sellers') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        seller_id,
        name,
        crm_owner,
        profile_url,
        team
    from source
)

select * from renamed
