{{ config(tags=['attribution'], materialized='incremental', pre_hook=[
    "{{ remember('members_replaced', 'model, dimension, member', is_in('int_results_stale', ['model', 'metric_date'])) }}",
    "{{ forget('int_results_stale', ['model', 'metric_date']) }}",
]) }}
{%- set dimensions = {
    'action': 'action_key', 'campaign': 'campaign', 'network': 'network', 'account': 'account', 'seller': 'seller_id'
} -%}
with

results as (
    select * from {{ ref('int_results_listed') }}
)

{% for dimension, column in dimensions.items() %}
select
    model,
    '{{ dimension }}' as dimension,
    {{ "cast(null as " ~ dbt.type_string() ~ ")" if dimension == 'seller' else 'network' }} as network,
    {{ column }} as member,
    metric_date,
    cast(sum(credit) as decimal(18, 9)) as conversions_credited,
    cast(sum(revenue_credited) as decimal(18, 6)) as revenue_credited,
    cast(sum(net_revenue_credited) as decimal(18, 6)) as net_revenue_credited,
    cast(sum(cost) as decimal(18, 6)) as cost,
    cast(sum(costs_without_rate) as bigint) as costs_without_rate
from results
where {{ column }} is not null
group by model,{% if dimension != 'seller' %} network,{% endif %} {{ column }}, metric_date
{% if not loop.last %}union all{% endif %}
{%- endfor %}
