with

source as (
    select * from {{ source('raw', 'checks') }}
),

renamed as (
    select
        run_id,
        checked_at,
        stage,
        suite,
        expectation,
        severity,
        success,
        observed,
        expected
    from source
)

select * from renamed
