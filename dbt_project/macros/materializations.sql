{#- How a model becomes a table or a view in the warehouse: the old one goes and the new one comes in one transaction.
    dbt builds beside the old one and renames twice, for readers on the way; nobody reads the warehouse but its writer
    (decision 4 of the design), and the renames cost more than most of the models. These have no hooks, grants or
    indexes. Models that a night adds to (macros/increment.sql) forget rows by their hooks and take in what was computed
    anew, likewise in one transaction; where there is nothing to add to, they are built as the others. What a night runs
    is run again by the next one (pipelines/recorded.py), so that it may not depend on what is there already. -#}
{% macro replaced(kind) -%}
    {%- set old, new = load_cached_relation(this), this.incorporate(type=kind) -%}
    {%- call statement('main') -%}
        drop {{ old.type if old is not none else kind }} if exists {{ new }};
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

{% materialization incremental, adapter='duckdb' %}
    {%- if not is_increment() -%}
        {{ return(replaced('table')) }}
    {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%}
        insert into {{ this }} by name ({{ compiled_code }})
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}
