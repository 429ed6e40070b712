{{ config(
    materialized='incremental', incremental_strategy='append', pre_hook="{{ forget('int_touches_stale', 'touch_id') }}"
) }}
-- depends_on: {{ ref('int_touches_replaced') }}
with

placed as (
    select * from {{ ref('int_touches_placed') }}
),

answers as (
    select
        touch_id,
        known_customer_id,
        known_account_id,
        touched_at
    from placed
    where is_answer
),

evidence as (
    select
        known_customer_id,
        known_account_id,
        touched_at
    from placed
    where not is_answer and known_channel <> 'direct'
    {%- if is_increment() %}
    union all
    select
        customer_id as known_customer_id,
        account_id as known_account_id,
        touched_at
    from {{ this }}
    where not is_answer and channel <> 'direct'
    {%- endif %}
),

outweighed as (
    {%- for whose in ['known_customer_id', 'known_account_id'] %}
    select answers.touch_id
    from answers
    inner join evidence
        on answers.{{ whose }} = evidence.{{ whose }}
        and {{ epoch_second('evidence.touched_at') }} - {{ epoch_second('answers.touched_at') }}
        between -86400 * {{ var('longest_window_days') }} and 86400 * {{ var('longest_window_days') }}
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
)

select
    placed.touch_id,
    placed.known_customer_id as customer_id,
    placed.customer_id as customer_id_given,
    placed.known_account_id as account_id,
    placed.account_id_given,
    placed.touched_at,
    {{ epoch_second('placed.touched_at') }} as touched_second,
    {{ local_date('placed.touched_at') }} as touched_date,
    placed.known_channel as channel,
    placed.network,
    placed.campaign,
    placed.action_key,
    placed.seller_id,
    placed.touch_type,
    placed.match_level,
    placed.match_evidence,
    placed.is_paid,
    placed.is_answer
from placed
left join outweighed on placed.touch_id = outweighed.touch_id
where outweighed.touch_id is null
