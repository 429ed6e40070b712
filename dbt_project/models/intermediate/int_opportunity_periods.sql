with

entries as (
    select * from {{ ref('int_opportunity_stages') }}
    where is_entry
),

opportunities as (
    select * from {{ ref('int_opportunities_resolved') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
)

select
    entries.opportunity_key,
    entries.position,
    coalesce(
        'account:' || coalesce(accounts.account_id, opportunities.account_id), 'opportunity:' || entries.opportunity_key
    ) as journey_key,
    opportunities.seller_id,
    entries.stage,
    entries.entered_at,
    coalesce(
        lead(entries.entered_at) over (partition by entries.opportunity_key order by entries.position),
        timestamp '9999-12-31 00:00:00'
    ) as left_at
from entries
inner join opportunities on entries.opportunity_key = opportunities.opportunity_key
left join accounts on opportunities.account_id = accounts.merged_account_id
