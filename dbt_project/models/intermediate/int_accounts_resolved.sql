with

links as (
    select
        anonymous_id,
        account_id,
        linked_at
    from {{ ref('int_identities_stated') }}
    where customer_id is null and account_id is not null and account_id <> anonymous_id
),

straight as (
    {{ not_turned_back('links', 'anonymous_id', 'account_id') | indent(4) }}
),

placed as (
    select
        *,
        row_number() over (partition by anonymous_id order by linked_at, account_id) as claim_number,
        min(account_id) over (partition by anonymous_id) as first_account_id,
        max(account_id) over (partition by anonymous_id) as last_account_id
    from straight
),

first_links as (
    select
        anonymous_id as id,
        account_id as parent
    from placed
    where claim_number = 1
),

{{ roots_of('first_links') }}

select
    placed.anonymous_id as merged_account_id,
    roots.root as account_id,
    placed.linked_at,
    placed.first_account_id <> placed.last_account_id as is_disputed
from placed
inner join roots on placed.anonymous_id = roots.id
where placed.claim_number = 1
