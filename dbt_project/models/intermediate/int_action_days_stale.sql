{#- mart_action_metrics_daily is read as it was, before this run brings it up to date. -#}
{%- if is_increment() -%}
with

combined as (
    select
        action_key,
        metric_date,
        upper(coalesce(currency, '{{ var("reporting_currency") }}')) as known_currency
    from {{ ref('int_action_metrics_combined') }}
),

rates_changed as (
    select distinct
        currency,
        rate_day
    from ({{ changed_rows('int_exchange_rates') }}) as changed
)

select
    daily.action_key,
    daily.metric_date
from marts.mart_action_metrics_daily as daily
{{ only_stale('int_actions_stale', 'daily', 'action_key') }}
union
select
    combined.action_key,
    combined.metric_date
from combined
{{ only_stale('int_actions_stale', 'combined', 'action_key') }}
union
select
    combined.action_key,
    combined.metric_date
from combined
inner join rates_changed
    on combined.known_currency = rates_changed.currency and combined.metric_date = rates_changed.rate_day
{%- else -%}
select
    action_key,
    metric_date
from {{ ref('int_action_metrics_combined') }}
where false
{%- endif %}
