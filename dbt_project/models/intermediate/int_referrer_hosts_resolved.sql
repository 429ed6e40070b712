with

touches as (
    select distinct referrer_host as host from {{ ref('int_touches_deduped') }}
    where referrer_host is not null
),

aliases as (
    select alias, network, 'social' as kind from {{ ref('int_network_aliases_resolved') }}
    where kind = 'host'
),

sources as (
    select source as alias, null as network, kind from {{ ref('seed_sources') }}
),

known as (
    select * from aliases
    union all
    select * from sources
),

matched as (
    select
        touches.host,
        known.network,
        known.kind,
        row_number() over (
            partition by touches.host
            order by length(known.alias) desc, case when known.kind = 'social' then 0 else 1 end, known.kind
        ) as closeness
    from touches
    inner join known
        on touches.host = known.alias
        or right(touches.host, length(known.alias) + 1) = '.' || known.alias
)

select
    host,
    network,
    kind
from matched
where closeness = 1
