with

conversions as (
    select * from {{ ref('mart_conversions') }}
    where opportunity_key is not null
),

stages as (
    select * from {{ ref('int_opportunity_stages') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_resolved') }}
),

entries as (
    select
        opportunity_key,
        stage_kind,
        max(case when basis = 'change' then 1 else 0 end) as is_of_a_history,
        min(entered_at) as entered_at
    from stages
    where stage_kind in ('lead', 'opportunity') and not is_out_of_order
    group by opportunity_key, stage_kind
),

found as (
    select
        conversions.conversion_id,
        entries.stage_kind,
        entries.entered_at,
        conversions.converted_at
    from conversions
    inner join entries on conversions.opportunity_key = entries.opportunity_key
    union all
    select
        conversions.conversion_id,
        'opportunity' as stage_kind,
        opportunities.created_at as entered_at,
        conversions.converted_at
    from conversions
    inner join opportunities on conversions.opportunity_key = opportunities.opportunity_key
    left join entries
        on conversions.opportunity_key = entries.opportunity_key
        and entries.stage_kind = 'opportunity'
        and entries.is_of_a_history = 1
    where opportunities.created_at is not null and entries.opportunity_key is null
    union all
    select
        conversion_id,
        'close' as stage_kind,
        converted_at as entered_at,
        converted_at
    from conversions
)

select
    conversion_id,
    stage_kind,
    min(entered_at) as entered_at,
    {{ epoch_second('min(entered_at)') }} as entered_second
from found
where entered_at <= converted_at
group by conversion_id, stage_kind
