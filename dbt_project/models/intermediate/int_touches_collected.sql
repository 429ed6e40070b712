{%- set derived = [
    'touch_id', 'customer_id', 'touched_at', 'touch_type', 'channel', 'network_given', 'campaign_given', 'discount_code',
    'seller_id', 'account_id'
] -%}
{%- set recorded = [
    'action_id', 'utm_network', 'utm_campaign', 'utm_action_id', 'utm_source', 'utm_medium', 'click_id', 'referrer_host',
    'referrer_key', 'landing_host', 'landing_key', 'landing_query'
] -%}
with

deduped as (
    select * from {{ ref('int_touches_deduped') }}
),

derived as (
    select * from {{ ref('int_touches_derived') }}
)

select
    {{ derived | join(',\n    ') }},
    {{ recorded | join(',\n    ') }},
    false as is_answer
from deduped
union all
select
    {{ derived | join(',\n    ') }},
    {%- for column in recorded %}
    cast(null as {{ dbt.type_string() }}) as {{ column }},
    {%- endfor %}
    is_answer
from derived
