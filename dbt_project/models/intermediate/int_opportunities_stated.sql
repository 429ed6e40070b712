with

opportunities as (
    select * from {{ ref('stg_raw__opportunities') }}
),

kinds as (
    select * from {{ ref('int_stage_kinds') }}
),

judged as (
    select
        opportunities.*,
        case
            when substring(opportunities.opportunity_id, 1, 2) = 'p_' and length(opportunities.opportunity_id) = 34
                then coalesce(opportunities.account_id, '')
            else ''
        end as id_scope,
        coalesce(opportunities.is_won, opportunities.is_closed) is not null or kinds.stage_kind is not null as is_known,
        case
            when opportunities.is_won then 'won'
            when opportunities.is_closed and opportunities.is_won is null and kinds.stage_kind = 'won' then 'won'
            when opportunities.is_closed then 'lost'
            when coalesce(opportunities.is_won, opportunities.is_closed) is null
                then coalesce(kinds.stage_kind, 'opportunity')
            when kinds.stage_kind = 'lead' then 'lead'
            when opportunities.is_closed is null and kinds.stage_kind = 'lost' then 'lost'
            else 'opportunity'
        end as stage_kind
    from opportunities
    left join kinds on lower(trim(opportunities.stage)) = kinds.stage
),

timed as (
    select
        *,
        case
            when basis = 'change' then entered_at
            else coalesce(cast(as_of as timestamp), modified_at, entered_at, created_at)
        end as stated_at,
        case
            when entered_at is not null then entered_at
            when stage_kind in ('won', 'lost') then coalesce({{ day_end('close_date') }}, modified_at)
            else modified_at
        end as moved_at,
        {{ day_end('as_of') }} as exported_at
    from judged
),

bounded as (
    select
        *,
        case
            when basis = 'change' then entered_at
            else coalesce(least(moved_at, exported_at), exported_at, stated_at)
        end as moment
    from timed
    where stated_at is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, id_scope, opportunity_id, stage, basis, moment, stated_at
            order by as_of desc nulls last, file_sha256 desc, row_number desc, layout desc
        ) as recency
    from bounded
)

select * from ranked
where recency = 1
