with

claims as (
    select * from {{ ref('int_identity_claims') }}
),

customers as (
    select distinct customer_id from claims
),

chained as (
    select
        claims.anonymous_id as id,
        claims.customer_id as parent
    from claims
    inner join customers on claims.anonymous_id = customers.customer_id
    where claims.claim_number = 1
),

{{ roots_of('chained') }}

select
    claims.anonymous_id,
    claims.claimed_from,
    claims.claimed_until,
    coalesce(roots.root, claims.customer_id) as customer_id
from claims
left join chained on claims.customer_id = chained.id
left join roots on claims.customer_id = roots.id
where chained.id is null or roots.id is not null
