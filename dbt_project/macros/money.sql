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

{#- An amount in the reporting currency, rounded to the micro; NULL where there is no rate. The
    model left joins int_exchange_rates on the amount's currency and day; ``rates`` is what it calls that table. Amounts
    that are set against each other (an order and its refund) take the same row of rates. -#}
{% macro in_reporting_currency(amount, currency, rates="") -%}
    {%- set prefix = rates ~ "." if rates else "" -%}
    case
        when {{ currency }} = '{{ var("reporting_currency") }}' then cast({{ amount }} as decimal(18, 6))
        else {{ from_micros(rounded_part(to_micros(amount), prefix ~ "reporting_micros", prefix ~ "currency_micros")) }}
    end
{%- endmacro %}

{#- True where an amount in this currency can be turned into the reporting currency. -#}
{% macro has_rate(currency, rates) -%}
    coalesce({{ currency }} = '{{ var("reporting_currency") }}', false) or {{ rates }}.currency_micros is not null
{%- endmacro %}

{#- a / b as a ratio; unknown where b is 0 or unknown. -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
