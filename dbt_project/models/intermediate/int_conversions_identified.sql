with

conversions as (
    select * from {{ ref('int_conversions_collected') }}
),

people as (
    select * from {{ ref('int_identities_resolved') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

resolved as (
    select
        conversions.*,
        coalesce(people.customer_id, conversions.customer_id) as known_customer_id,
        coalesce(accounts.account_id, conversions.account_id) as known_account_id
    from conversions
    {{ join_identities('conversions', 'converted_at') }}
),

placed as (
    select
        resolved.*,
        coalesce(resolved.known_account_id, own_accounts.account_id) as buying_account_id,
        case
            when resolved.kind = 'opportunity'
                then coalesce('account:' || resolved.known_account_id, 'opportunity:' || resolved.opportunity_key)
            else coalesce(resolved.known_customer_id, 'order:' || resolved.conversion_id)
        end as journey_key
    from resolved
    left join {{ ref('int_customer_accounts') }} as own_accounts
        on resolved.known_customer_id = own_accounts.customer_id
)

select
    conversion_id,
    kind,
    source,
    shop,
    known_customer_id as customer_id,
    customer_id as customer_id_given,
    buying_account_id as account_id,
    journey_key,
    opportunity_key,
    seller_id,
    converted_at,
    discount_code,
    status,
    is_cancelled,
    coalesce(
        is_new_customer,
        case
            when kind = 'opportunity' or known_customer_id is not null
                then row_number() over (partition by kind, journey_key order by converted_at, conversion_id) = 1
        end
    ) as is_new_customer,
    original_amount,
    original_currency,
    original_refunded,
    original_cost_of_goods
from placed
