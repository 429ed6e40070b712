with

account_metrics as (
    select * from {{ ref('stg_raw__account_metrics') }}
),

sources as (
    select * from {{ ref('stg_raw__sources') }}
),

witnessed as (
    select
        account_metrics.*,
        coalesce(sources.source_rank, 2) as source_rank
    from account_metrics
    left join sources on account_metrics.source = sources.source
)

select
    *,
    {{ precedence_of(
        ['network', 'account', 'metric_date'],
        first_by=['source_rank'],
        then_by=['impressions', 'video_views'],
        finally_by=metric_names()
    ) }} as precedence
from witnessed
