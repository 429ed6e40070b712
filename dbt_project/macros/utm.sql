{#- What a parameter of the link says: from the touch's own column where it has one, else from the landing page's
    address. -#}
{% macro link_parameter(parameter) -%}
    {%- if parameter in ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term'] -%}
        coalesce(nullif(trim({{ parameter }}), ''), {{ url_parameter('landing_url', parameter) }})
    {%- else -%}
        {{ url_parameter('landing_url', parameter) }}
    {%- endif -%}
{%- endmacro %}

{#- One part of the utm convention: the first of its parameters that says something, by its pattern and its names. -#}
{% macro utm_part(part) -%}
    {%- set given = var('utm')[part] -%}
    {%- if not given -%}
        cast(null as {{ dbt.type_string() }})
    {%- else -%}
        coalesce(
            {%- for each in given %}
            {{ utm_value(each) }}{% if not loop.last %},{% endif %}
            {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{% macro utm_value(part) -%}
    {%- set text = link_parameter(part.parameter) -%}
    {%- if part.pattern -%}
        {%- set text = "nullif(regexp_extract(" ~ text ~ ", " ~ sql_text(part.pattern) ~ ", 1), '')" -%}
    {%- endif -%}
    {%- if part.names -%}
        case lower({{ text }})
            {%- for name, meant in part.names.items() %}
            when {{ sql_text(name) }} then {{ sql_text(meant) }}
            {%- endfor %}
            else {{ text }}
        end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}
