with

journeys as (
    select * from {{ ref('mart_journeys') }}
)

select
    {{ json_to_list('path') }} as path,
    cast(conversions as bigint) as conversions,
    revenue,
    cast(non_conversions as bigint) as non_conversions
from journeys
