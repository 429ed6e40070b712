with

actions as (
    select * from {{ ref('int_actions_described') }}
),

listed as (
    select 'id' as kind, lower(action_id) as reference, network, action_key from actions
    union
    select 'id' as kind, lower(action_key) as reference, network, action_key from actions
    union
    select 'permalink' as kind, {{ url_key('permalink') }} as reference, network, action_key from actions
    where permalink is not null
),

counted as (
    select
        kind,
        reference,
        network,
        min(action_key) as action_key,
        count(*) as actions_in_network
    from listed
    group by kind, reference, network
)

select
    kind,
    reference,
    network,
    action_key,
    count(*) over (partition by kind, reference) = 1 as is_unique
from counted
where actions_in_network = 1
