with

source as (
    select * from {{ source('raw', 'action_metrics') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        network,
        account,
        account_name,
        action_id,
        action_type,
        published_at,
        published_date,
        format,
        campaign,
        permalink,
        text_excerpt,
        seller_id,
        basis,
        metric_date,
        period_start,
        period_end,
        currency,
        duration_seconds,
        {{ metric_names() | join(',\n        ') }}
    from source
)

select * from renamed
