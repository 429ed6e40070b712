{#- mart_touches is read as it was: it is brought up to date with what is listed here. Touches are no common table
    expression, which would be made whole before it is asked for nothing. -#}
{%- set references = {
    'int_action_references_listed': ['lower(action_id)', 'utm_action_id', 'referrer_key', 'landing_key'],
    'int_marks_resolved': ['referrer_key', 'landing_key'],
    'int_codes_resolved': ['lower(trim(discount_code))'],
    'int_identities_resolved': ['customer_id'],
    'int_accounts_resolved': ['account_id'],
} -%}
{%- set keys = {
    'int_action_references_listed': 'reference',
    'int_marks_resolved': 'mark_key',
    'int_codes_resolved': 'code',
    'int_identities_resolved': 'anonymous_id',
    'int_accounts_resolved': 'merged_account_id',
    'int_actions_described': 'action_key',
    'int_customer_accounts': 'customer_id',
} -%}
with
{%- if is_increment() %}

{%- for name, key in keys.items() %}

{{ name }}_changed as (
    select distinct {{ key }} from ({{ changed_rows(name) }}) as changed
),
{%- endfor %}

derived_changed as (
    {{ changed_rows('int_touches_derived') }}
),

stale as (
    select touch_id from built.touchpoints_loaded
    union
    select touch_id from derived_changed
    union
    select touch_id from {{ ref('int_touches_collected') }}
    where is_answer
    {%- for name, columns in references.items() %}
    {%- for column in columns %}
    union
    select touch_id from {{ ref('int_touches_collected') }}
    where {{ column }} in (select {{ keys[name] }} from {{ name }}_changed)
    {%- endfor %}
    {%- endfor %}
    {%- for name in ['int_actions_described', 'int_customer_accounts'] %}
    union
    select touch_id from marts.mart_touches
    where {{ keys[name] }} in (select {{ keys[name] }} from {{ name }}_changed)
    {%- endfor %}
)

select touch_id from stale
{%- else %}

nothing as (
    select touch_id from {{ ref('int_touches_collected') }}
    where false
)

select touch_id from nothing
{%- endif %}
