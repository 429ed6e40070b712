with

wanted as (
    select distinct journey_key from {{ ref('int_conversions_identified') }}
    where kind = 'opportunity'
    union
    select distinct 'account:' || coalesce(accounts.account_id, opportunities.account_id) as journey_key
    from {{ ref('int_opportunities_resolved') }} as opportunities
    left join {{ ref('int_accounts_resolved') }} as accounts on opportunities.account_id = accounts.merged_account_id
    where opportunities.account_id is not null
),

members as (
    select members.* from {{ ref('int_account_members') }} as members
    inner join wanted on members.journey_key = wanted.journey_key
)

select
    wanted.journey_key,
    touches.touch_id
from {{ ref('mart_touches') }} as touches
inner join wanted on 'account:' || touches.account_id_given = wanted.journey_key
union
select
    members.journey_key,
    touches.touch_id
from {{ ref('mart_touches') }} as touches
inner join members on touches.customer_id = members.customer_id
where touches.account_id_given is null or members.journey_key like 'opportunity:%'
