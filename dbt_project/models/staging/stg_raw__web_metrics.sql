with

source as (
    select * from {{ source('raw', 'web_metrics') }}
),

renamed as (
    select
        file_sha256,
        row_number,
        source,
        layout,
        as_of,
        property,
        dimension,
        scope,
        page,
        page_title,
        landing_page,
        channel,
        visit_source,
        visit_medium,
        campaign,
        event_name,
        basis,
        metric_date,
        period_start,
        period_end,
        currency,
        sessions,
        sessions_engaged,
        page_views,
        users,
        users_total,
        users_new,
        users_returning,
        events,
        key_events,
        purchases,
        revenue
    from source
)

select * from renamed
