with

identities as (
    select * from {{ ref('int_identities_stated') }}
    where account_id is not null
),

contacts as (
    select
        source,
        contact_id,
        customer_id,
        account_id
    from {{ ref('stg_raw__contacts') }}
    where customer_id is not null
),

opportunities as (
    select
        source,
        opportunity_key,
        customer_id,
        coalesce('account:' || account_id, 'opportunity:' || opportunity_key) as journey_key,
        {{ parts_of('contact_ids') }} as contact_id
    from {{ ref('int_opportunities_resolved') }}
    union all
    select
        source,
        opportunity_key,
        customer_id,
        coalesce('account:' || account_id, 'opportunity:' || opportunity_key) as journey_key,
        cast(null as {{ dbt.type_string() }}) as contact_id
    from {{ ref('int_opportunities_resolved') }}
),

stated as (
    select 'account:' || account_id as journey_key, coalesce(customer_id, anonymous_id) as customer_id from identities
    union
    select 'account:' || account_id as journey_key, customer_id from contacts
    where account_id is not null
    union
    select 'account:' || account_id as journey_key, customer_id from {{ ref('int_touches_deduped') }}
    where account_id is not null
    union
    select journey_key, customer_id from opportunities
    where customer_id is not null
    union
    select opportunities.journey_key, contacts.customer_id from opportunities
    inner join contacts
        on opportunities.source = contacts.source and trim(opportunities.contact_id) = contacts.contact_id
),

accounts as (
    select
        'account:' || merged_account_id as journey_key,
        'account:' || account_id as resolved_key
    from {{ ref('int_accounts_resolved') }}
),

people as (
    select anonymous_id, customer_id from {{ ref('int_identities_resolved') }}
    where claimed_until = timestamp '9999-12-31 00:00:00'
)

select distinct
    coalesce(accounts.resolved_key, stated.journey_key) as journey_key,
    coalesce(people.customer_id, stated.customer_id) as customer_id
from stated
left join accounts on stated.journey_key = accounts.journey_key
left join people on stated.customer_id = people.anonymous_id
