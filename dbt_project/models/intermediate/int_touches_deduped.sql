{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget('built.touchpoints_loaded', 'touch_id') }}"
) }}
with

touchpoints as (
    select *
    from {{ ref('stg_raw__touchpoints') }}
    {% if is_increment() %}
    where touch_id in (select loaded.touch_id from built.touchpoints_loaded as loaded)
    {% endif %}
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
    nullif(trim(campaign), '') as campaign_given,
    lower({{ utm_part('network') }}) as utm_network,
    {{ utm_part('campaign') }} as utm_campaign,
    lower({{ utm_part('action_id') }}) as utm_action_id,
    lower({{ link_parameter('utm_source') }}) as utm_source,
    lower({{ link_parameter('utm_medium') }}) as utm_medium,
    lower(nullif(trim(click_id), '')) as click_id,
    {{ url_host('referrer') }} as referrer_host,
    {{ url_key('referrer') }} as referrer_key,
    {{ url_host('landing_url') }} as landing_host,
    {{ url_key('landing_url') }} as landing_key,
    {{ url_query('landing_url') }} as landing_query,
    discount_code,
    seller_id,
    account_id,
    file_sha256
from ranked
where recency = 1
