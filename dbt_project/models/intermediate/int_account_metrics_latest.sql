with

account_metrics as (
    select * from {{ ref('stg_raw__account_metrics') }}
),

ranked as (
    select
        *,
        {{ precedence_of(
            ['network', 'account', 'metric_date'],
            then_by=['impressions', 'video_views'],
            finally_by=metric_names()
        ) }} as precedence
    from account_metrics
)

select
    network,
    coalesce(account, '(not stated)') as account,
    metric_date,
    {{ latest_value('currency') }} as currency,
    {{ latest_values(metric_names()) }}
from ranked
group by network, account, metric_date
