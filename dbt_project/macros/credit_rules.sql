{#- The rules of credit, each as the whole-number weight of one touch among those that count for its conversion.

    Columns a rule may use: position (1 is the oldest), touches (how many count), is_last_non_direct (1 for exactly one
    touch), newest_age_seconds, age_seconds, half_life_days. A weight of 0 is no credit. Only proportions matter. -#}

{% macro credit_rules() -%}
    {{ return({
        "first_touch": weight_first_touch(),
        "last_touch": weight_last_touch(),
        "last_non_direct": weight_last_non_direct(),
        "linear": weight_linear(),
        "position_based": weight_position_based(),
        "time_decay": weight_time_decay(),
    }) }}
{%- endmacro %}

{% macro weight_first_touch() -%}
    case when position = 1 then 1 else 0 end
{%- endmacro %}

{% macro weight_last_touch() -%}
    case when position = touches then 1 else 0 end
{%- endmacro %}

{#- The last touch that is not direct; where all are, the last. -#}
{% macro weight_last_non_direct() -%}
    is_last_non_direct
{%- endmacro %}

{% macro weight_linear() -%}
    1
{%- endmacro %}

{#- 40 % to the first and the last, 20 % shared by those between: 2 (n - 2) to 1. Two touches share alike. -#}
{% macro weight_position_based() -%}
    case when touches > 2 and position in (1, touches) then 2 * (touches - 2) else 1 end
{%- endmacro %}

{#- 2 ^ (-age / half-life), the age counted from the newest touch so that the newest weighs 1, in billionths. -#}
{% macro weight_time_decay() -%}
    cast(
        round(1000000000 * power(
            cast(2 as double),
            -cast(age_seconds - newest_age_seconds as double) / (half_life_days * cast(86400 as double))
        )) as bigint
    )
{%- endmacro %}
