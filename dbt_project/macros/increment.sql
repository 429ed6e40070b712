{#- What a night computes anew, and what it leaves as it is: docs/adr/0017-a-night-recomputes-what-changed.md.
    pipelines/increment.py keeps, in the schema `built`, a copy of the small tables that the last completed build read,
    and there the table `increment` while a night adds to that build. Without it everything is computed from nothing. -#}

{#- Asked of the warehouse each time: dbt's cache of relations counts a schema as known from its first relation on, so
    that another thread, while it fills, finds no `increment` and takes a night for a build from nothing. -#}
{% macro is_increment() -%}
    {%- if not execute -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set built = api.Relation.create(database=target.database, schema="built").without_identifier() -%}
    {{ return("increment" in list_relations_without_caching(built).columns["name"].values()) }}
{%- endmacro %}

{#- A join that leaves only rows that are computed anew; key is a column, or several. -#}
{% macro only_stale(stale, rows, key) -%}
    {%- if is_increment() %}
    inner join {{ ref(stale) }} as stale
        on {% for column in listed(key) %}{{ rows }}.{{ column }} = stale.{{ column }}
        {%- if not loop.last %} and {% endif %}{% endfor %}
    {%- endif %}
{%- endmacro %}

{#- What is computed anew of a model: on a night a small table of it, made once; in a build from nothing all of it. -#}
{% macro renewed(whole, stale) -%}
    {%- if not execute -%}
        {%- do ref(whole) -%}
    {%- endif -%}
    {{ return(ref(stale) if is_increment() else ref(whole)) }}
{%- endmacro %}

{#- Takes away from an incremental model the rows that it will add anew; stale is a model, or a table of `built`. -#}
{% macro forget(stale, key, condition="true", called=none) -%}
    {%- if is_increment() -%}
    delete from {{ this }} where {{ condition }} and {{ is_in(stale, key, called) }}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{#- The same for rows that are few, and added anew every night. -#}
{% macro forget_all(condition) -%}
    {{ "delete from " ~ this ~ " where " ~ condition if is_increment() else "select 1" }}
{%- endmacro %}

{#- Keeps, as a table of `built`, what an incremental model said of rows before it forgets them. -#}
{% macro remember(name, columns, condition) -%}
    {%- if is_increment() -%}
    create or replace table built.{{ name }} as select distinct {{ columns }} from {{ this }} where {{ condition }}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{#- True for the rows whose key is in a model, or in a table of `built`; called is what the key is called there. -#}
{% macro is_in(stale, key, called=none) -%}
    ({{ listed(key) | join(", ") }}) in (
        select {{ listed(called or key) | join(", ") }} from {{ stale if "." in stale else ref(stale) }}
    )
{%- endmacro %}

{% macro listed(key) -%}
    {{ return([key] if key is string else key) }}
{%- endmacro %}

{#- The rows that a model has now and had not in the last build, and the reverse. -#}
{% macro changed_rows(name) -%}
    {%- set columns = var("built")[name] | join(", ") -%}
    (
        select {{ columns }} from {{ ref(name) }}
        except
        select {{ columns }} from built.{{ name }}
    )
    union all
    (
        select {{ columns }} from built.{{ name }}
        except
        select {{ columns }} from {{ ref(name) }}
    )
{%- endmacro %}

{#- What of a touch anything is computed from. -#}
{% macro touch_columns() -%}
    {{ return([
        "customer_id", "account_id", "account_id_given", "touched_at", "touched_second", "touched_date", "channel", "network",
        "campaign", "action_key", "seller_id", "touch_type", "is_paid"
    ]) }}
{%- endmacro %}

{#- True for the models that divide conversions by what chains and games say. -#}
{% macro is_path_model() -%}
    model in ('none'{% for model in var("path_models") %}, '{{ model }}'{% endfor %})
{%- endmacro %}

{#- What of credit the sums over it are made by. -#}
{% macro credit_columns() -%}
    model, conversion_date, touched_date as touch_date, network, action_key
{%- endmacro %}

{#- True for the rows of mart_attributed that are computed anew. -#}
{% macro is_credit_stale() -%}
    {{ is_in("int_conversions_stale", "conversion_id") }}
    or {{ is_path_model() }} and {{ is_in("int_paths_stale", "conversion_id") }}
{%- endmacro %}
