with

links as (
    select
        anonymous_id,
        customer_id,
        linked_at
    from {{ ref('int_identities_stated') }}
    where customer_id is not null and customer_id <> anonymous_id
),

straight as (
    {{ not_turned_back('links', 'anonymous_id', 'customer_id') | indent(4) }}
),

timed as (
    select
        anonymous_id,
        linked_at,
        min(customer_id) as customer_id
    from straight
    group by anonymous_id, linked_at
),

counted as (
    select
        anonymous_id,
        count(distinct customer_id) as claimants
    from straight
    group by anonymous_id
),

placed as (
    select
        *,
        row_number() over (partition by anonymous_id order by linked_at) as claim_number,
        lead(linked_at) over (partition by anonymous_id order by linked_at) as next_linked_at
    from timed
)

select
    placed.anonymous_id,
    placed.claim_number,
    placed.customer_id,
    placed.linked_at,
    case when placed.claim_number = 1 then timestamp '1900-01-01 00:00:00' else placed.linked_at end as claimed_from,
    coalesce(placed.next_linked_at, timestamp '9999-12-31 00:00:00') as claimed_until,
    counted.claimants
from placed
inner join counted on placed.anonymous_id = counted.anonymous_id
