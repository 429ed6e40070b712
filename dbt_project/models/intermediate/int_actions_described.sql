with

ranked as (
    select * from {{ ref('int_action_metrics_ranked') }}
),

described as (
    select
        action_key,
        network,
        known_action_id as action_id,
        {{ latest_values([
            'account', 'account_name', 'action_type', 'published_at', 'published_date', 'campaign', 'format',
            'permalink', 'text_excerpt', 'seller_id', 'duration_seconds'
        ]) }}
    from ranked
    group by action_key, network, known_action_id
)

select
    action_key,
    network,
    action_id,
    coalesce(account, '(not stated)') as account,
    account_name,
    coalesce(lower(action_type), 'post') as action_type,
    published_at,
    coalesce(published_date, {{ local_date('published_at') }}) as published_date,
    campaign,
    format,
    permalink,
    text_excerpt,
    seller_id,
    duration_seconds
from described
