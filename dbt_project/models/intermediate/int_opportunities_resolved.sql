with

stages as (
    select * from {{ ref('int_opportunity_stages') }}
),

sellers as (
    select
        crm_owner,
        min(seller_id) as seller_id
    from {{ ref('stg_raw__sellers') }}
    where crm_owner is not null
    group by crm_owner
    having count(distinct seller_id) = 1
),

resolved as (
    select
        opportunity_key,
        min(source) as source,
        max_by(stage, position) as stage,
        max_by(stage_kind, position) as stage_kind,
        {{ latest_values([
            'account_id', 'customer_id', 'contact_ids', 'seller_id', 'crm_owner', 'pipeline', 'amount',
            'self_reported_source'
        ], 'position') }},
        coalesce(
            {{ latest_value('currency', 'case when amount is not null then position end') }},
            {{ latest_value('currency', 'position') }}
        ) as currency,
        min(created_at) as created_at,
        min(entered_at) as first_entered_at,
        coalesce(
            min(case when is_of_winning_run and basis = 'change' then entered_at end),
            max_by(entered_at, case when is_of_winning_run then position end)
        ) as won_at
    from stages
    group by opportunity_key
)

select
    resolved.opportunity_key,
    resolved.source,
    resolved.stage,
    resolved.stage_kind,
    resolved.account_id,
    resolved.customer_id,
    resolved.contact_ids,
    coalesce(resolved.seller_id, sellers.seller_id) as seller_id,
    resolved.pipeline,
    resolved.self_reported_source,
    resolved.amount,
    resolved.currency,
    resolved.created_at,
    resolved.first_entered_at,
    resolved.won_at
from resolved
left join sellers on resolved.crm_owner = sellers.crm_owner
