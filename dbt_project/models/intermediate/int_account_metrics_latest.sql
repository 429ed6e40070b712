with

ranked as (
    select * from {{ ref('int_account_metrics_ranked') }}
)

select
    network,
    coalesce(account, '(not stated)') as account,
    metric_date,
    {{ latest_value('currency') }} as currency,
    {{ latest_values(metric_names()) }}
from ranked
group by network, account, metric_date
