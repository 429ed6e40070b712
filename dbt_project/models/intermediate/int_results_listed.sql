-- depends_on: {{ ref('int_attribution_models') }}
with

models as (
    {%- if is_increment() %}
    select model, metric_date from {{ ref('int_results_stale') }}
    {%- else %}
    select model from {{ ref('int_attribution_models') }}
    {%- endif %}
),

accounts as (
    select
        action_key,
        account
    from {{ ref('mart_actions') }}
),

credited as (
    select
        attributed.model,
        attributed.action_key,
        attributed.network,
        attributed.campaign,
        accounts.account,
        attributed.seller_id,
        attributed.conversion_date as metric_date,
        false as is_cost,
        attributed.credit,
        attributed.revenue_credited,
        attributed.net_revenue_credited,
        cast(null as decimal(18, 6)) as cost,
        0 as costs_without_rate
    from {{ ref('mart_attributed') }} as attributed
    left join accounts on attributed.action_key = accounts.action_key
    {%- if is_increment() %}
    where (attributed.model, attributed.conversion_date) in (
        select stale.model, stale.metric_date from {{ ref('int_results_stale') }} as stale
    )
    {%- endif %}
),

spent as (
    select
        models.model,
        costs.action_key,
        costs.network,
        costs.campaign,
        costs.account,
        costs.seller_id,
        costs.metric_date,
        true as is_cost,
        cast(0 as decimal(18, 9)) as credit,
        cast(0 as decimal(18, 6)) as revenue_credited,
        cast(0 as decimal(18, 6)) as net_revenue_credited,
        costs.cost,
        case when costs.has_rate then 0 else 1 end as costs_without_rate
    from models
    inner join {{ ref('mart_costs_daily') }} as costs
        on {{ 'models.metric_date = costs.metric_date' if is_increment() else 'true' }}
)

select * from credited
union all
select * from spent
