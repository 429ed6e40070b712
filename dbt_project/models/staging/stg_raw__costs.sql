with

source as (
    select * from {{ source('raw', 'costs') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        period_start,
        period_end,
        amount,
        currency,
        cost_type,
        network,
        account,
        campaign,
        action_id,
        seller_id,
        occurrence
    from source
)

select * from renamed
