{#- The rules of credit. Each gives, for one touch among those that count for its conversion, whole numbers of which only
    the proportions matter: weight, after (the running total of the weights with this touch) and total; where says which
    touches get credit at all.

    Columns a rule may use: position (1 is the oldest), touches (how many count), last_non_direct_position, age_seconds,
    newest_age_seconds, lead_position and opportunity_position (the last touch before the stage; 0 for none),
    has_stages, channel, touch_type. -#}

{% macro credit_rule(rule, number) -%}
    {%- if is_summed(rule) -%}
        {{ return({"divisions": [
            {"weight": "weight_" ~ number, "after": "after_" ~ number, "total": "total_" ~ number}
        ]}) }}
    {%- elif rule.kind == "first_touch" -%}
        {{ return({"whole": "position = 1"}) }}
    {%- elif rule.kind == "last_touch" -%}
        {{ return({"whole": "position = touches"}) }}
    {%- elif rule.kind == "last_non_direct" -%}
        {{ return({"whole": "position = coalesce(last_non_direct_position, touches)"}) }}
    {%- elif rule.kind == "linear" -%}
        {{ return({"divisions": [equal_shares()]}) }}
    {%- elif rule.kind == "positions" -%}
        {{ return({"divisions": [shares_by_position(rule.shares)]}) }}
    {%- else -%}
        {{ return({"divisions": [
            shares_by_position({"first": 400, "last": 400, "others": 200}), shares_by_stage(rule.shares)
        ]}) }}
    {%- endif -%}
{%- endmacro %}

{#- Weights whose running total is no formula: it is summed over the touches. -#}
{% macro is_summed(rule) -%}
    {{ return(rule.kind == "time_decay" or rule.multiplies) }}
{%- endmacro %}

{% macro equal_shares() -%}
    {{ return({"weight": "1", "after": "position", "total": "touches"}) }}
{%- endmacro %}

{#- Shares of the first, the last and the others, each other touch having the same; an end without a share is one of the
    others. Where there are no others, the ends divide in proportion to each other, and one touch has all. -#}
{% macro shares_by_position(shares) -%}
    {%- set first, last, other = shares.first, shares.last, shares.others -%}
    {%- set rest = "(touches - " ~ ((1 if first else 0) + (1 if last else 0)) ~ ")" -%}
    {%- if not first and not last -%}
        {{ return(equal_shares()) }}
    {%- elif first and last -%}
        {%- set few = {
            "weight": "when touches = 2 then case position when 1 then " ~ first ~ " else " ~ last ~ " end ",
            "after": "when touches = 2 then case position when 1 then " ~ first ~ " else " ~ (first + last) ~ " end ",
            "total": "when touches = 2 then " ~ (first + last) ~ " ",
        } -%}
    {%- else -%}
        {%- set few = {"weight": "", "after": "", "total": ""} -%}
    {%- endif -%}
    {%- set at_last = "when position = touches then " ~ last ~ " * " ~ rest ~ " " if last else "" -%}
    {%- set at_first = "when position = 1 then " ~ first ~ " * " ~ rest ~ " " if first else "" -%}
    {%- set after = first ~ " * " ~ rest ~ " + " ~ other ~ " * (position - 1)" if first else other ~ " * position" -%}
    {{ return({
        "weight": "case when touches = 1 then 1 " ~ few.weight ~ at_first ~ at_last ~ "else " ~ other ~ " end",
        "after": "case when touches = 1 then 1 " ~ few.after ~ "when position = touches then 1000 * " ~ rest ~ " else "
            ~ after ~ " end",
        "total": "case when touches = 1 then 1 " ~ few.total ~ "else 1000 * " ~ rest ~ " end",
    }) }}
{%- endmacro %}

{#- Shares of the touches that led to a stage, and of the others. A touch may lead to several stages; the share of a
    stage without a touch is no weight, so that it falls to the others in proportion. Where nothing has a share, all
    touches have the same. (A conversion without stages, such as an order, is divided 40/20/40 by position.) -#}
{% macro shares_by_stage(shares) -%}
    {%- set places = {
        "first_touch": "1", "lead": "lead_position", "opportunity": "opportunity_position", "close": "touches",
    } -%}
    {%- set staged, seen, distinct_all, distinct_after = [], [], [], [] -%}
    {%- set held, here, held_after = [], [], [] -%}
    {%- for stage, place in places.items() if shares[stage] -%}
        {%- set new = place ~ " > 0" ~ (" and " ~ place ~ " not in (" ~ seen | join(", ") ~ ")" if seen else "") -%}
        {%- do distinct_all.append("case when " ~ new ~ " then 1 else 0 end") -%}
        {%- do distinct_after.append("case when " ~ new ~ " and " ~ place ~ " <= position then 1 else 0 end") -%}
        {%- do held.append("case when " ~ place ~ " > 0 then " ~ shares[stage] ~ " else 0 end") -%}
        {%- do here.append("case when " ~ place ~ " = position then " ~ shares[stage] ~ " else 0 end") -%}
        {%- do held_after.append(
            "case when " ~ place ~ " between 1 and position then " ~ shares[stage] ~ " else 0 end"
        ) -%}
        {%- do seen.append(place) -%}
    {%- endfor -%}
    {%- set others = "(touches - (" ~ (distinct_all | join(" + ") or "0") ~ "))" -%}
    {%- set scale = "greatest(" ~ others ~ ", 1)" -%}
    {%- set by_others = "case when position in (" ~ (seen | join(", ") or "0") ~ ") then 0 else " ~ shares.others ~ " end" -%}
    {%- set weight = scale ~ " * (" ~ (here | join(" + ") or "0") ~ ") + " ~ by_others -%}
    {%- set after = scale ~ " * (" ~ (held_after | join(" + ") or "0") ~ ") + " ~ shares.others ~ " * (position - ("
        ~ (distinct_after | join(" + ") or "0") ~ "))" -%}
    {%- set total = scale ~ " * (" ~ (held | join(" + ") or "0") ~ ") + " ~ shares.others ~ " * " ~ others -%}
    {%- set result = {"staged": true} -%}
    {%- for part, by_stage, equal in [("weight", weight, "1"), ("after", after, "position"), ("total", total, "touches")] -%}
        {%- do result.update({part: "case when " ~ total ~ " = 0 then " ~ equal ~ " else " ~ by_stage ~ " end"}) -%}
    {%- endfor -%}
    {{ return(result) }}
{%- endmacro %}

{#- The weight of one touch in a model whose weights are summed. -#}
{% macro summed_weight(rule) -%}
    {%- set factors = [] -%}
    {%- if rule.kind == "time_decay" -%}
        {%- do factors.append(weight_time_decay(rule.half_life_days)) -%}
    {%- else -%}
        {%- set bases = credit_rule(dict(rule, multiplies=false), 0).divisions -%}
        {%- do factors.append(
            "case when has_stages then " ~ bases[1].weight ~ " else " ~ bases[0].weight ~ " end"
            if bases | length == 2 else bases[0].weight
        ) -%}
    {%- endif -%}
    {%- if rule.multiplies and rule.ages -%}
        {%- set cases = [] -%}
        {%- for age in rule.ages -%}
            {%- do cases.append("when age_seconds <= " ~ age.days * 86400 ~ " then " ~ age.weight) -%}
        {%- endfor -%}
        {%- do factors.append("case " ~ cases | join(" ") ~ " else 0 end") -%}
    {%- endif -%}
    {%- for column in ["touch_type", "channel"] if rule.multiplies and rule[column ~ "s"] -%}
        {%- set cases = [] -%}
        {%- for value, weight in rule[column ~ "s"].items() -%}
            {%- do cases.append("when " ~ sql_text(value) ~ " then " ~ weight) -%}
        {%- endfor -%}
        {%- do factors.append("case " ~ column ~ " " ~ cases | join(" ") ~ " else 1 end") -%}
    {%- endfor -%}
    cast(({{ factors | join(") * (") }}) as bigint)
{%- endmacro %}

{#- 2 ^ (-age / half-life), the age counted from the newest touch so that the newest weighs 1, in billionths. -#}
{% macro weight_time_decay(half_life_days) -%}
    cast(
        round(1000000000 * power(
            cast(2 as double),
            -cast(age_seconds - newest_age_seconds as double) / ({{ half_life_days }} * cast(86400 as double))
        )) as bigint
    )
{%- endmacro %}
