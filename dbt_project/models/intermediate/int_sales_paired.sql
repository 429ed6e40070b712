with

conversions as (
    select
        conversion_id,
        kind,
        customer_id,
        account_id,
        converted_at,
        {{ epoch_second('converted_at') }} as converted_second,
        original_amount,
        upper(original_currency) as currency
    from {{ ref('int_conversions_identified') }}
    where original_amount is not null
),

orders as (
    select * from conversions
    where kind = 'order'
),

opportunities as (
    select * from conversions
    where kind = 'opportunity'
),

near as (
    {%- for whose in ['customer_id', 'account_id'] %}
    select
        opportunities.conversion_id as opportunity_conversion_id,
        orders.conversion_id as order_conversion_id,
        abs(opportunities.converted_second - orders.converted_second) as seconds_apart
    from opportunities
    inner join orders
        on opportunities.{{ whose }} = orders.{{ whose }}
        and opportunities.original_amount = orders.original_amount
        and opportunities.currency = orders.currency
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by opportunity_conversion_id order by seconds_apart, order_conversion_id
        ) as order_place,
        row_number() over (
            partition by order_conversion_id order by seconds_apart, opportunity_conversion_id
        ) as opportunity_place
    from near
    where seconds_apart <= 86400 * {{ var('same_sale_days') or 14 }}
)

select
    opportunity_conversion_id,
    order_conversion_id,
    seconds_apart
from ranked
where order_place = 1 and opportunity_place = 1
