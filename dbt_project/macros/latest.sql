{#- Overlapping exports: the value of the row with the highest precedence among those that have a value, so that a file
    that lacks a column erases nothing. Written so that engines that keep null arguments in max_by agree. -#}
{% macro latest_value(column, precedence="precedence") -%}
    max_by({{ column }}, case when {{ column }} is not null then {{ precedence }} end)
{%- endmacro %}

{% macro latest_values(columns, precedence="precedence") -%}
    {%- for column in columns %}
        {{ latest_value(column, precedence) }} as {{ column }}{% if not loop.last %},{% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- The order in which overlapping rows are believed, the most credible last. It depends on what the rows say and never
    on the order in which they were loaded: members of one archive may share file, row and layout, so that in the end the
    values themselves decide. -#}
{% macro precedence_of(partition_by, first_by=[], then_by=[], finally_by=[]) -%}
    row_number() over (
        partition by {{ partition_by | join(", ") }}
        order by
            {%- for expression in first_by %}
            {{ expression }} asc nulls first,
            {%- endfor %}
            as_of asc nulls first,
            {%- for expression in then_by %}
            {{ expression }} asc nulls first,
            {%- endfor %}
            file_sha256 asc,
            row_number asc,
            layout asc
            {%- for expression in finally_by %},
            {{ expression }} asc nulls first
            {%- endfor %}
    )
{%- endmacro %}

{#- Each column's increase over its last earlier value that is not null. -#}
{% macro increases(columns, partition_by, order_by) -%}
    {%- for column in columns %}
        {{ column }} - last_value({{ column }} ignore nulls) over (
            partition by {{ partition_by }}
            order by {{ order_by }}
            rows between unbounded preceding and 1 preceding
        ) as {{ column }}{% if not loop.last %},{% endif %}
    {%- endfor -%}
{%- endmacro %}
