{{ config(materialized='incremental', pre_hook=[
    "{{ remember('attributed_replaced', credit_columns(), is_credit_stale()) }}",
    "{{ forget('int_conversions_stale', 'conversion_id') }}",
    "{{ forget('int_paths_stale', 'conversion_id', is_path_model()) }}",
]) }}
with

models as (
    {%- for model in rule_models() %}
    select '{{ model }}' as model
    {%- if not loop.last %} union all{% endif %}
    {%- else %}
    select cast(null as {{ dbt.type_string() }}) as model where false
    {%- endfor %}
),

conversions as (
    select conversion_id, converted_at, conversion_date from {{ ref('mart_conversions') }}
),

touches as (
    select {{ 'distinct' if is_increment() else '' }}
        touch_id,
        {{ origin_columns() | join(',\n        ') }}
    from {{ renewed('mart_touches', 'int_conversion_touches_renewed') }}
),

by_rule as (
    select
        credits.*,
        conversions.converted_at,
        conversions.conversion_date,
        touches.touched_at,
        touches.touched_date,
        coalesce(touches.channel, '(none)') as channel,
        touches.network,
        touches.campaign,
        touches.action_key,
        touches.seller_id
    from {{ ref('mart_credits') }} as credits
    {{ only_stale('int_conversions_stale', 'credits', 'conversion_id') }}
    inner join conversions on credits.conversion_id = conversions.conversion_id
    left join touches on credits.touch_id = touches.touch_id
),

listed as (
    select
        models.model,
        by_rule.*,
        {{ of_model('credit') }} as credit_billionths,
        {{ of_model('revenue') }} as revenue_micros,
        case
            when by_rule.net_is_revenue then {{ of_model('revenue') }}
            else {{ of_model('net_revenue') }}
        end as net_revenue_micros
    from by_rule
    cross join models
)

select
    model,
    conversion_id,
    converted_at,
    conversion_date,
    touch_id,
    touched_at,
    touched_date,
    channel,
    network,
    campaign,
    action_key,
    seller_id,
    {{ from_billionths('credit_billionths') }} as credit,
    {{ from_few_micros('revenue_micros') }} as revenue_credited,
    {{ from_few_micros('net_revenue_micros') }} as net_revenue_credited
from listed
where credit_billionths is not null
union all
select
    credits.model,
    credits.conversion_id,
    conversions.converted_at,
    conversions.conversion_date,
    credits.touch_id,
    credits.touched_at,
    credits.touched_date,
    coalesce(credits.channel, '(none)') as channel,
    credits.network,
    credits.campaign,
    credits.action_key,
    credits.seller_id,
    credits.credit,
    credits.revenue_credited,
    credits.net_revenue_credited
from {{ ref('int_credits_by_chain') }} as credits
inner join conversions on credits.conversion_id = conversions.conversion_id
