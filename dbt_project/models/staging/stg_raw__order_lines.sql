with

source as (
    select * from {{ source('raw', 'order_lines') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        shop,
        order_id,
        line_number,
        item_name,
        sku,
        quantity,
        unit_price,
        line_amount,
        currency
    from source
)

select * from renamed
