{{ config(materialized='incremental', pre_hook="{{ forget('int_actions_stale', 'action_key') }}") }}
with

keyed as (
    select
        *,
        network || ':' || known_action_id as action_key,
        case basis when 'day' then 1 when 'lifetime' then 2 else 3 end as basis_rank,
        coalesce(as_of, period_end, metric_date, published_date) as observed_date,
        {{ range_start() }} as range_start,
        {{ range_end() }} as range_end,
        {{ ad_level() }} as ad_level,
        coalesce(metric_date, {{ range_start() }}) as first_day,
        coalesce(metric_date, {{ range_end() }}) as last_day
    from {{ ref('int_action_metrics_identified') }}
),

levelled as (
    select
        keyed.*,
        case when keyed.basis = 'range' then {{ dbt.datediff('keyed.range_start', 'keyed.range_end', 'day') }} end as range_days
    from keyed
    {{ only_stale('int_actions_stale', 'keyed', 'action_key') }}
),

ads as (
    select
        network,
        account,
        campaign,
        text_excerpt,
        is_named,
        network || ':' || known_action_id as action_key,
        {{ ad_level() }} as ad_level,
        coalesce(metric_date, {{ range_start() }}) as first_day,
        coalesce(metric_date, {{ range_end() }}) as last_day
    from {{ ref('int_action_metrics_identified') }}
    where action_type = 'ad'
),

stated_finer as (
    select distinct
        coarse.action_key,
        coarse.first_day,
        coarse.last_day
    from ads as coarse
    inner join ads as finer
        on
        coarse.network = finer.network
        and coarse.campaign = finer.campaign
        and (
            coarse.ad_level > finer.ad_level
            or (
                coarse.ad_level = finer.ad_level
                and coarse.text_excerpt = finer.text_excerpt
                and coarse.is_named and not finer.is_named
            )
        )
        and coarse.first_day <= finer.last_day
        and coarse.last_day >= finer.first_day
    {{ only_stale('int_actions_stale', 'coarse', 'action_key') }}
    where
        coarse.account = finer.account
        or coarse.account is null
        or finer.account is null
),

counted_once as (
    select levelled.*
    from levelled
    left join stated_finer
        on
        levelled.action_key = stated_finer.action_key
        and levelled.first_day = stated_finer.first_day
        and levelled.last_day = stated_finer.last_day
    where stated_finer.action_key is null
)

select
    *,
    {{ precedence_of(
        ['action_key'],
        first_by=['source_rank'],
        then_by=['range_days', 'impressions', 'video_views'],
        finally_by=metric_names()
    ) }} as precedence
from counted_once
