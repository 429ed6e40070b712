{{ config(materialized='view') }}
{%- set passes, models = var('credit_passes'), rule_models() -%}
with

conversions as (
    select
        conversions.conversion_id,
        {{ to_few_micros('revenue') }} as revenue_micros,
        {{ to_few_micros('net_revenue') }} as net_revenue_micros
    from {{ ref('mart_conversions') }} as conversions
    {{ only_stale('int_conversions_stale', 'conversions', 'conversion_id') }}
),

conversion_touches as (
    select touches.* from {{ renewed('int_conversion_touches', 'int_conversion_touches_renewed') }} as touches
),

stages as (
    select
        conversion_id,
        min(case when stage_kind = 'lead' then entered_second end) as lead_second,
        min(case when stage_kind = 'opportunity' then entered_second end) as opportunity_second
    from {{ ref('int_conversion_stages') }}
    group by conversion_id
),
{%- for sieve in passes %}

{{ pass_ctes(sieve, loop.index) }},
{%- endfor %}

parts as (
    {%- for sieve in passes %}
    {{ pass_parts(sieve, loop.index, models) }} {% if not loop.last %} union all {% endif %}
    {%- else %}
    select conversion_id, cast(null as {{ dbt.type_string() }}) as touch_id, true as net_is_revenue from conversions
    where false
    {%- endfor %}
)

select * from parts
{%- if models %}
where {{ models | reverse | join('_credit is not null or ') }}_credit is not null
{%- endif %}
