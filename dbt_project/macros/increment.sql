{#- What a night computes anew, and what it leaves as it is: docs/adr/0017-a-night-recomputes-what-changed.md.
    pipelines/increment.py keeps, in the schema `built`, a copy of the small tables that the last completed build read,
    and there the table `increment` while a night adds to that build. Without it everything is computed from nothing. -#}

{% macro is_increment() -%}
    {{ return(not execute or adapter.get_relation(target.database, "built", "increment") is not none) }}
{%- endmacro %}

{#- A join that leaves only rows that are computed anew. -#}
{% macro only_stale(stale, rows, key) -%}
    {%- if is_increment() %}
    inner join {{ ref(stale) }} as stale on {{ rows }}.{{ key }} = stale.{{ key }}
    {%- endif %}
{%- endmacro %}

{#- Takes away from an incremental model the rows that it will add anew; stale is a model, or a table of `built`. -#}
{% macro forget(stale, key, condition="true") -%}
    {%- if is_increment() -%}
    delete from {{ this }} where {{ condition }} and {{ key }} in (
        select {{ key }} from {{ stale if "." in stale else ref(stale) }}
    )
    {%- else -%}
    select 1
    {%- endif -%}
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
        "customer_id", "account_id", "account_id_given", "touched_at", "touched_second", "channel", "network",
        "campaign", "action_key", "seller_id", "touch_type", "is_paid"
    ]) }}
{%- endmacro %}

{#- True for the models that divide conversions by what chains and games say. -#}
{% macro is_path_model() -%}
    model in ('none'{% for model in var("path_models") %}, '{{ model }}'{% endfor %})
{%- endmacro %}
