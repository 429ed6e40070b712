with

stated as (
    select
        *,
        case
            when source = 'opportunities' then '' else source || ':' || coalesce(nullif(id_scope, '') || ':', '')
        end || opportunity_id as opportunity_key,
        case stage_kind when 'lead' then 1 when 'opportunity' then 2 else 3 end as stage_rank
    from {{ ref('int_opportunities_stated') }}
),

placed as (
    select
        *,
        row_number() over (
            partition by opportunity_key
            order by
                stated_at asc, moment asc, stage_rank asc, as_of asc nulls first, modified_at asc nulls first,
                file_sha256 asc, row_number asc, layout asc
        ) as position
    from stated
),

compared as (
    select
        *,
        lag(stage) over (partition by opportunity_key order by position) as stage_before,
        lag(stage_kind) over (partition by opportunity_key order by position) as kind_before,
        max(stage_rank) over (
            partition by opportunity_key order by position rows between unbounded preceding and 1 preceding
        ) as highest_rank_before,
        max(case when stage_kind <> 'won' then position else 0 end) over (partition by opportunity_key) as last_not_won,
        count(*) over (partition by opportunity_key) as statements
    from placed
)

select
    opportunity_key,
    position,
    source,
    basis,
    stage,
    stage_kind,
    is_known,
    stated_at,
    moment as entered_at,
    as_of,
    created_at,
    account_id,
    customer_id,
    contact_ids,
    seller_id,
    crm_owner,
    pipeline,
    self_reported_source,
    amount,
    upper(currency) as currency,
    stage_before,
    coalesce(stage <> stage_before, true) as is_entry,
    coalesce(stage_kind = 'lead' and stage_rank < highest_rank_before, false) as is_out_of_order,
    coalesce(stage_kind = 'opportunity' and kind_before in ('won', 'lost'), false) as is_reopened,
    last_not_won < position as is_of_winning_run,
    statements = position as is_latest
from compared
