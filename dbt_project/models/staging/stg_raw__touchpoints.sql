with

source as (
    select * from {{ source('raw', 'touchpoints') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        touch_id,
        customer_id,
        touched_at,
        touch_type,
        channel,
        network,
        action_id,
        campaign,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        utm_term,
        referrer,
        landing_url,
        click_id,
        discount_code,
        seller_id,
        account_id
    from source
)

select * from renamed
