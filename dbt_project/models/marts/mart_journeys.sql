with

monthly as (
    select * from {{ ref('mart_journeys_monthly') }}
    where grain = 'channel'
)

select
    path,
    sum(conversions) as conversions,
    cast(sum(revenue) as decimal(18, 6)) as revenue,
    sum(non_conversions) as non_conversions
from monthly
group by path
