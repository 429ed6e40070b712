with

source as (
    select * from {{ source('raw', 'orders') }}
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
        order_name,
        customer_id,
        ordered_at,
        revenue,
        currency,
        cost_of_goods,
        discount_code,
        status,
        is_cancelled,
        refunded_amount,
        refunded_at,
        is_new_customer,
        subtotal,
        discount_amount,
        settled_amount,
        settled_currency,
        fee_amount,
        self_reported_source
    from source
)

select * from renamed
