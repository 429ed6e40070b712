{#- How a model becomes a table or a view in the warehouse: the old one goes and the new one comes in one transaction.
    dbt builds beside the old one and renames twice, for readers on the way; nobody reads the warehouse but its writer
    (decision 4 of the design), and the renames cost more than most of the models. These have no hooks, grants or
    indexes; models that a night adds to (macros/increment.sql) are dbt's own incremental ones. -#}
{% macro replaced(kind) -%}
    {%- set old, new = load_cached_relation(this), this.incorporate(type=kind) -%}
    {%- call statement('main') -%}
        {%- if old is not none %}
            drop {{ old.type }} if exists {{ old }};
        {%- endif %}
        {{ create_table_as(false, new, compiled_code) if kind == 'table' else create_view_as(new, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [new]}) }}
{%- endmacro %}

{% materialization table, adapter='duckdb' %}
    {{ return(replaced('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(replaced('view')) }}
{% endmaterialization %}
