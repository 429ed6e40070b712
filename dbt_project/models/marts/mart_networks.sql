with

networks as (
    select * from {{ ref('stg_raw__networks') }}
),

used as (
    select network from {{ ref('int_actions_described') }}
    union
    select network from {{ ref('int_account_metrics_latest') }}
    union
    select network from {{ ref('mart_touches') }}
    union
    select network from {{ ref('int_costs_collected') }}
)

select
    coalesce(networks.network, used.network) as network,
    coalesce(networks.display_name, upper(left(used.network, 1)) || replace(substring(used.network, 2), '_', ' '))
        as display_name,
    coalesce(networks.status, 'active') as status,
    networks.metrics_offered
from networks
full outer join used on networks.network = used.network
where coalesce(networks.network, used.network) is not null
