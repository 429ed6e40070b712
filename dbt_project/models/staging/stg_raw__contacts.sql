with

source as (
    select * from {{ source('raw', 'contacts') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        contact_id,
        customer_id,
        account_id,
        account_name,
        crm_owner,
        lifecycle_stage,
        lead_status,
        created_at,
        source_channel,
        source_detail_1,
        source_detail_2,
        self_reported_source
    from source
)

select * from renamed
