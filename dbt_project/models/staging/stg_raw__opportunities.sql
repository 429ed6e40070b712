with

source as (
    select * from {{ source('raw', 'opportunities') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        opportunity_id,
        account_id,
        account_name,
        customer_id,
        contact_ids,
        seller_id,
        crm_owner,
        basis,
        pipeline,
        stage,
        from_stage,
        entered_at,
        created_at,
        modified_at,
        close_date,
        amount,
        won_amount,
        currency,
        is_won,
        is_closed,
        source_channel,
        source_detail_1,
        source_detail_2,
        self_reported_source
    from source
)

select * from renamed
