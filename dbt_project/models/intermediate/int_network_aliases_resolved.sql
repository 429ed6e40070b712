with

network_aliases as (
    select * from {{ ref('stg_raw__network_aliases') }}
)

select
    kind,
    lower(trim(value)) as alias,
    case when count(distinct network) = 1 then min(network) end as network
from network_aliases
group by kind, lower(trim(value))
