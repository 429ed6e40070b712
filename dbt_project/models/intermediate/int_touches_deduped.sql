with

touchpoints as (
    select * from {{ ref('stg_raw__touchpoints') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by touch_id
            order by as_of desc nulls last, file_sha256 desc, row_number desc, layout desc
        ) as recency
    from touchpoints
)

select
    touch_id,
    customer_id,
    touched_at,
    lower(trim(touch_type)) as touch_type,
    nullif(trim(channel), '') as channel,
    lower(nullif(trim(network), '')) as network_given,
    nullif(trim(action_id), '') as action_id,
    coalesce(nullif(trim(campaign), ''), nullif(trim(utm_campaign), '')) as campaign,
    lower(nullif(trim(utm_source), '')) as utm_source,
    lower(nullif(trim(utm_medium), '')) as utm_medium,
    lower(nullif(trim(utm_campaign), '')) as utm_campaign,
    lower(nullif(trim(utm_content), '')) as utm_content,
    lower(nullif(trim(click_id), '')) as click_id,
    {{ url_host('referrer') }} as referrer_host,
    {{ url_key('referrer') }} as referrer_key,
    {{ url_host('landing_url') }} as landing_host,
    {{ url_key('landing_url') }} as landing_key,
    {{ url_query('landing_url') }} as landing_query,
    discount_code,
    seller_id,
    account_id
from ranked
where recency = 1
