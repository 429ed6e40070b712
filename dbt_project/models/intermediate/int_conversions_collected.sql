with

orders as (
    select
        case when source = 'orders' then '' else source || ':' || coalesce(nullif(id_scope, '') || ':', '') end
        || order_id as conversion_id,
        *
    from {{ ref('int_orders_counted') }}
    where is_counted
),

opportunities as (
    select * from {{ ref('int_opportunities_resolved') }}
    where won_at is not null
)

select
    conversion_id,
    'order' as kind,
    source,
    shop,
    customer_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as {{ dbt.type_string() }}) as opportunity_key,
    cast(null as {{ dbt.type_string() }}) as seller_id,
    ordered_at as converted_at,
    discount_code,
    self_reported_source,
    status,
    coalesce(is_cancelled, lower(status) in ('cancelled', 'canceled', 'voided', 'expired'), false) as is_cancelled,
    is_new_customer,
    revenue as original_amount,
    upper(currency) as original_currency,
    refunded_amount as original_refunded,
    cost_of_goods as original_cost_of_goods
from orders
union all
select
    case when orders.conversion_id is null then '' else 'opportunity:' end || opportunities.opportunity_key as conversion_id,
    'opportunity' as kind,
    opportunities.source,
    cast(null as {{ dbt.type_string() }}) as shop,
    opportunities.customer_id,
    opportunities.account_id,
    opportunities.opportunity_key,
    opportunities.seller_id,
    opportunities.won_at as converted_at,
    cast(null as {{ dbt.type_string() }}) as discount_code,
    opportunities.self_reported_source,
    opportunities.stage as status,
    false as is_cancelled,
    cast(null as boolean) as is_new_customer,
    opportunities.amount as original_amount,
    opportunities.currency as original_currency,
    cast(null as decimal(18, 6)) as original_refunded,
    cast(null as decimal(18, 6)) as original_cost_of_goods
from opportunities
left join orders on opportunities.opportunity_key = orders.conversion_id
