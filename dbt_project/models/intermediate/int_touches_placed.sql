with

touches as (
    select * from {{ ref('int_touches_matched') }}
),

grouped as (
    select * from {{ ref('int_touches_grouped') }}
),

people as (
    select * from {{ ref('int_identities_resolved') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

own_accounts as (
    select * from {{ ref('int_customer_accounts') }}
),

identified as (
    select
        touches.*,
        coalesce(people.customer_id, touches.customer_id) as known_customer_id,
        coalesce(accounts.account_id, touches.account_id) as account_id_given
    from touches
    {{ join_identities('touches', 'touched_at') }}
),

placed as (
    select
        identified.*,
        coalesce(identified.account_id_given, own_accounts.account_id) as known_account_id,
        coalesce(identified.channel, grouped.channel) as known_channel,
        grouped.is_paid
    from identified
    inner join grouped on identified.touch_id = grouped.touch_id
    left join own_accounts on identified.known_customer_id = own_accounts.customer_id
)

select * from placed
