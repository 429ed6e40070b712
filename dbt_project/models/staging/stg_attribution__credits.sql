with

source as (
    select * from {{ source('attribution', 'credits') }}
),

renamed as (
    select
        model,
        grain,
        period_kind,
        period_start,
        state,
        conversions_credited,
        revenue_credited,
        net_revenue_credited,
        removal_effect
    from source
)

select * from renamed
