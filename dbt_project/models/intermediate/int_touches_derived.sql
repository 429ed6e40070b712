with

conversions as (
    select * from {{ ref('int_conversions_collected') }}
    where kind = 'order'
),

codes as (
    select code from {{ ref('int_codes_resolved') }}
),

answers as (
    select * from {{ ref('int_answers_resolved') }}
    where is_understood
),

said as (
    select
        'said:order:' || conversion_id as touch_id,
        coalesce(customer_id, 'order:' || conversion_id) as customer_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        converted_at as said_at,
        lower(trim(self_reported_source)) as answer
    from conversions
    union all
    select
        'said:opportunity:' || opportunity_key as touch_id,
        coalesce(customer_id, 'opportunity:' || opportunity_key) as customer_id,
        account_id,
        coalesce(created_at, first_entered_at) as said_at,
        lower(trim(self_reported_source)) as answer
    from {{ ref('int_opportunities_resolved') }}
    union all
    select
        'said:contact:' || source || ':' || contact_id as touch_id,
        max_by(customer_id, as_of) as customer_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        min(created_at) as said_at,
        max_by(lower(trim(self_reported_source)), as_of) as answer
    from {{ ref('stg_raw__contacts') }}
    where self_reported_source is not null
    group by source, contact_id
)

select
    'code:' || conversions.conversion_id as touch_id,
    coalesce(conversions.customer_id, 'order:' || conversions.conversion_id) as customer_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    conversions.converted_at as touched_at,
    cast(null as {{ dbt.type_string() }}) as touch_type,
    cast(null as {{ dbt.type_string() }}) as channel,
    cast(null as {{ dbt.type_string() }}) as network_given,
    cast(null as {{ dbt.type_string() }}) as campaign_given,
    conversions.discount_code,
    cast(null as {{ dbt.type_string() }}) as seller_id,
    false as is_answer
from conversions
inner join codes on lower(trim(conversions.discount_code)) = codes.code
union all
select
    said.touch_id,
    said.customer_id,
    said.account_id,
    said.said_at as touched_at,
    'self_reported' as touch_type,
    answers.channel,
    answers.network as network_given,
    answers.campaign as campaign_given,
    cast(null as {{ dbt.type_string() }}) as discount_code,
    answers.seller_id,
    true as is_answer
from said
inner join answers on said.answer = answers.answer
where said.said_at is not null
