with

identities as (
    select * from {{ ref('stg_raw__identities') }}
),

crms as (
    select source from {{ ref('stg_raw__sources') }}
    where kind = 'crm'
),

ranked as (
    select
        identities.*,
        dense_rank() over (
            partition by identities.anonymous_id, identities.customer_id, identities.account_id
            order by identities.as_of desc nulls last, identities.file_sha256 desc
        ) as recency
    from identities
    left join crms on identities.source = crms.source
    where crms.source is null
)

select distinct
    anonymous_id,
    customer_id,
    account_id,
    coalesce(linked_at, timestamp '1900-01-01 00:00:00') as linked_at
from ranked
where recency = 1
