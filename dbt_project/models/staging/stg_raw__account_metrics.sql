with

source as (
    select * from {{ source('raw', 'account_metrics') }}
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
        metric_date,
        currency,
        {{ metric_names() | join(',\n        ') }}
    from source
)

select * from renamed
