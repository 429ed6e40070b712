with

networks as (
    select * from {{ ref('mart_networks') }}
)

select
    network,
    display_name,
    status,
    metrics_offered
from networks
