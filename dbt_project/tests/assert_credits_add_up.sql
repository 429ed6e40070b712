{{ config(tags=['attribution']) }}
-- For every model and every conversion: credits add up to exactly 1, revenue and net revenue to exactly its own.
with

expected as (
    select
        models.model,
        conversions.conversion_id,
        conversions.revenue,
        conversions.net_revenue
    from {{ ref('int_attribution_models') }} as models
    cross join {{ ref('mart_conversions') }} as conversions
),

found as (
    select
        model,
        conversion_id,
        sum(credit) as credit,
        sum(revenue_credited) as revenue,
        sum(net_revenue_credited) as net_revenue
    from {{ ref('fct_attributed_revenue') }}
    group by model, conversion_id
)

select
    coalesce(expected.model, found.model) as model,
    coalesce(expected.conversion_id, found.conversion_id) as conversion_id,
    found.credit,
    found.revenue,
    expected.revenue as expected_revenue
from expected
full outer join found on expected.model = found.model and expected.conversion_id = found.conversion_id
where
    found.credit is distinct from 1
    or found.revenue is distinct from expected.revenue
    or found.net_revenue is distinct from expected.net_revenue
