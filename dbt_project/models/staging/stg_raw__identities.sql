with

source as (
    select * from {{ source('raw', 'identities') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        anonymous_id,
        customer_id,
        account_id,
        linked_at
    from source
)

select * from renamed
