{#- The metric catalogue of pipelines/metrics.yml, the only list of metrics in this project. -#}

{% macro metric_names(kinds=none) -%}
    {%- set names = [] -%}
    {%- for metric in var("metrics") if kinds is none or metric.kind in kinds -%}
        {%- do names.append(metric.name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- Metrics that may be added up over days. -#}
{% macro summable_metrics() -%}
    {{ return(metric_names(["count", "amount"])) }}
{%- endmacro %}

{#- Counts of people and states of a day: never added, never differenced. -#}
{% macro standing_metrics() -%}
    {{ return(metric_names(["people", "level"])) }}
{%- endmacro %}

{#- Amounts of money, which have a currency. -#}
{% macro money_metrics() -%}
    {%- set names = [] -%}
    {%- for metric in var("metrics") if metric.unit == "money" -%}
        {%- do names.append(metric.name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- True where at least one metric says something. -#}
{% macro any_metric_reported() -%}
    ({% for name in metric_names() %}{{ name }} is not null{% if not loop.last %} or {% endif %}{% endfor %})
{%- endmacro %}

{#- The metrics named, with the types of the catalogue. -#}
{% macro typed_metrics(names) -%}
    {%- for metric in var("metrics") if metric.name in names %}
    cast({{ metric.name }} as {{ metric.sql_type }}) as {{ metric.name }}{% if not loop.last %},{% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- The metrics that published tables name one by one; the rest of the catalogue follows after them. -#}
{% macro contract_metrics() -%}
    {{ return([
        "impressions", "reach", "engagements", "reactions", "comments", "shares", "saves", "link_clicks",
        "video_views", "follows", "spend",
    ]) }}
{%- endmacro %}

{#- The first and the last day that a row of metrics tells of, where it is not one day's; and how much of a campaign an ad
    row tells of: 1 an ad, 2 a group, 3 all. -#}
{% macro range_start() -%}coalesce(period_start, as_of, published_date){%- endmacro %}
{% macro range_end() -%}coalesce(period_end, period_start, as_of, published_date){%- endmacro %}
{% macro ad_level() -%}
    case when action_type = 'ad' then case format when 'campaign' then 3 when 'ad_group' then 2 else 1 end end
{%- endmacro %}
