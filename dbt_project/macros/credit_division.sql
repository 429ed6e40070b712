{#- How the amounts of a conversion are divided among its touches: a row for each touch, columns for each model. -#}

{#- What a model's columns hold: micros of 64 bits, billionths of 1 as credit. -#}
{% macro divided_amounts() -%}
    {{ return({"credit": "credit_billionths", "revenue": "revenue_micros", "net_revenue": "net_revenue_micros"}) }}
{%- endmacro %}

{#- True where both amounts are the same, or both unknown. -#}
{% macro net_is_revenue() -%}
    coalesce(net_revenue_micros = revenue_micros, net_revenue_micros is null and revenue_micros is null)
{%- endmacro %}

{#- The divisions of a pass, each once, as several models may divide alike; and for each model either which touch has
    all (whole), or the numbers of its divisions: of two, the second is that of conversions with stages. -#}
{% macro divisions_of(sieve) -%}
    {%- set divisions, models, summed = [], [], namespace(count=0) -%}
    {%- for rule in sieve.models -%}
        {%- if is_summed(rule) %}{% set summed.count = summed.count + 1 %}{% endif -%}
        {%- set parts = credit_rule(rule, summed.count) -%}
        {%- set numbers = [] -%}
        {%- for part in parts.divisions -%}
            {%- if part not in divisions %}{% do divisions.append(part) %}{% endif -%}
            {%- do numbers.append(divisions.index(part) + 1) -%}
        {%- endfor -%}
        {%- do models.append({"rule": rule, "whole": parts.whole, "numbers": numbers, "summed": summed.count}) -%}
    {%- endfor -%}
    {{ return({"divisions": divisions, "models": models}) }}
{%- endmacro %}

{#- The CTEs after the running totals: the weight, running total and total of each division (shared_N), and its part of
    each amount (divided_N), NULL where it gives the touch nothing. Net revenue that is the revenue is not split again. -#}
{% macro division_ctes(sieve, number) -%}
{%- set divisions = divisions_of(sieve).divisions -%}
shared_{{ number }} as (
    select
        *
        {%- for part in divisions %}{% set place = loop.index %}
        {%- for name in ["weight", "after", "total"] %},
        {{ "case when has_stages then " if part.staged }}cast({{ part[name] }} as bigint){{ " end" if part.staged }}
            as share_{{ name }}_{{ place }}
        {%- endfor %}
        {%- endfor %}
    from summed_{{ number }}
),

divided_{{ number }} as (
    select
        *
        {%- for part in divisions %}{% set place = loop.index | string %}
        {%- for name, amount in divided_amounts().items() %},
        case
            when share_weight_{{ place }} > 0{{ " and not net_is_revenue" if name == "net_revenue" }}
                then {{ split_exactly(amount, "share_weight_" ~ place, "share_after_" ~ place, "share_total_" ~ place) }}
        end as {{ name }}_{{ place }}
        {%- endfor %}
        {%- endfor %}
    from shared_{{ number }}
)
{%- endmacro %}

{#- What one model gives a touch, as columns of its name. -#}
{% macro model_columns(found) -%}
    {%- for name, amount in divided_amounts().items() -%}
    {%- if found.whole -%}
    case when {{ found.whole }}{{ " and not net_is_revenue" if name == "net_revenue" }} then {{ amount }} end
    {%- elif found.numbers | length == 2 -%}
    case when has_stages then {{ name }}_{{ found.numbers[1] }} else {{ name }}_{{ found.numbers[0] }} end
    {%- else -%}
    {{ name }}_{{ found.numbers[0] }}
    {%- endif %} as {{ found.rule.model }}_{{ name }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The same where the conversion is all that is known: it has no touch that counts in the model. -#}
{% macro whole_columns(model) -%}
    cast(1000000000 as bigint) as {{ model }}_credit, revenue_micros as {{ model }}_revenue,
    case when not {{ net_is_revenue() }} then net_revenue_micros end as {{ model }}_net_revenue
{%- endmacro %}

{% macro no_columns(model) -%}
    {%- for name in divided_amounts() -%}
    cast(null as bigint) as {{ model }}_{{ name }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- One select for each pass, one for the conversions without a touch in it, and one for each model that gives no touch
    of a conversion any weight. Every select has the columns of all models. -#}
{% macro pass_parts(sieve, number, models) -%}
    {%- set found = divisions_of(sieve).models -%}
    {%- set own = found | map(attribute="rule.model") | list -%}
    select
        conversion_id,
        touch_id,
        net_is_revenue
        {%- for model in models %},
        {{ model_columns(found[own.index(model)]) if model in own else no_columns(model) }}
        {%- endfor %}
    from divided_{{ number }}
    union all
    select
        conversion_id,
        cast(null as {{ dbt.type_string() }}) as touch_id,
        {{ net_is_revenue() }} as net_is_revenue
        {%- for model in models %},
        {{ whole_columns(model) if model in own else no_columns(model) }}
        {%- endfor %}
    from untouched_{{ number }}
    {%- for each in found if each.rule.multiplies %}
    union all
    select
        conversion_id,
        cast(null as {{ dbt.type_string() }}) as touch_id,
        net_is_revenue
        {%- for model in models %},
        {{ whole_columns(model) if model == each.rule.model else no_columns(model) }}
        {%- endfor %}
    from summed_{{ number }}
    where position = 1 and total_{{ each.summed }} = 0
    {%- endfor %}
{%- endmacro %}

{#- The models of all passes. -#}
{% macro rule_models() -%}
    {%- set models = [] -%}
    {%- for sieve in var("credit_passes") %}{% for rule in sieve.models %}{% do models.append(rule.model) %}{% endfor %}{% endfor -%}
    {{ return(models) }}
{%- endmacro %}

{#- What the columns of a model say, chosen by the name of the model in each row. -#}
{% macro of_model(name) -%}
    case
        {%- for model in rule_models() %}
        when models.model = '{{ model }}' then {{ model }}_{{ name }}
        {%- else %}
        when true then cast(null as bigint)
        {%- endfor %}
    end
{%- endmacro %}
