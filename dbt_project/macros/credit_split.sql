{#- The same for whole numbers of 64 bits, by the shortest way that is exact: ``after`` is the running total with the
    row's own ``weight``. Products too long for 64 bits are computed in longer integers. -#}
{% macro split_exactly(amount, weight, after, total) -%}
    case
        when {{ weight }} = {{ total }} then {{ amount }}
        when (abs({{ amount }}) + 1) * cast({{ total }} as double) < 9e18
            then cast(sign({{ amount }}) as bigint) * (
                {{ rounded_quotient("abs(" ~ amount ~ ") * " ~ after, total) }}
                - {{ rounded_quotient("abs(" ~ amount ~ ") * (" ~ after ~ " - " ~ weight ~ ")", total) }}
            )
        else cast({{ split_micros(
            "cast(" ~ amount ~ " as " ~ wide_integer() ~ ")", weight, after,
            "cast(" ~ total ~ " as " ~ wide_integer() ~ ")"
        ) }} as bigint)
    end
{%- endmacro %}

{#- Half of an odd divisor is never reached, so that adding its lower half rounds as adding its half would. -#}
{% macro rounded_quotient(dividend, divisor) -%}
    {{ int_divide("(" ~ dividend ~ " + " ~ int_divide(divisor, "2") ~ ")", divisor) }}
{%- endmacro %}

{#- Billionths of 1 as a credit. -#}
{% macro from_billionths(billionths) -%}
    case
        when {{ billionths }} = 1000000000 then cast(1 as decimal(18, 9))
        else cast(cast({{ billionths }} as decimal(9, 0)) * cast(0.000000001 as decimal(9, 9)) as decimal(18, 9))
    end
{%- endmacro %}

{#- Money as micros of 64 bits: whole units and the rest apart, many times faster than in longer integers. -#}
{% macro to_few_micros(amount) -%}
    cast({{ whole_part(amount) }} as bigint) * 1000000
    + cast(({{ amount }} - {{ whole_part(amount) }}) * 1000000 as bigint)
{%- endmacro %}

{#- Micros of 64 bits as money; amounts below a million by the short way. -#}
{% macro from_few_micros(micros) -%}
    case
        when abs({{ micros }}) < 1000000000000
            then cast(cast({{ micros }} as decimal(12, 0)) * cast(0.000001 as decimal(6, 6)) as decimal(18, 6))
        else {{ from_micros(micros) }}
    end
{%- endmacro %}
