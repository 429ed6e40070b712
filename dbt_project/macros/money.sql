{#- Money is split in integer micros. -#}
{% macro to_micros(amount) -%}
    cast(cast({{ amount }} as decimal(38, 6)) * 1000000 as {{ wide_integer() }})
{%- endmacro %}

{% macro from_micros(micros) -%}
    cast(cast({{ micros }} as decimal(24, 0)) * cast(0.000001 as decimal(7, 6)) as decimal(18, 6))
{%- endmacro %}

{#- micros * weight / total, rounded half away from zero, in integers only. -#}
{% macro rounded_part(micros, weight, total) -%}
    cast(sign({{ micros }}) as {{ wide_integer() }})
    * {{ int_divide("(2 * abs(" ~ micros ~ ") * (" ~ weight ~ ") + " ~ total ~ ")", "(2 * " ~ total ~ ")") }}
{%- endmacro %}

{#- What falls to one of several in proportion to its weight: the rounded running total after it less the one before
    it. The parts always add up to the whole, to the last micro. ``running`` includes the row's own ``weight``. -#}
{% macro split_micros(micros, weight, running, total) -%}
    ({{ rounded_part(micros, running, total) }}) - ({{ rounded_part(micros, running ~ " - " ~ weight, total) }})
{%- endmacro %}

{#- The rate from a currency to the reporting currency: 1 for itself, unknown for another one. The only place that
    knows; exchange rates come in here. -#}
{% macro reporting_rate(currency) -%}
    case when upper({{ currency }}) = '{{ var("reporting_currency") }}' then 1 end
{%- endmacro %}

{% macro in_reporting_currency(amount, rate) -%}
    cast({{ amount }} * {{ rate }} as decimal(18, 6))
{%- endmacro %}

{#- a / b as a ratio; unknown where b is 0 or unknown. -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
