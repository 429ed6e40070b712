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
