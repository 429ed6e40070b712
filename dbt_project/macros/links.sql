{#- Links that lead on to other links: common table expressions whose last, ``roots``, says for each id that has a link
    (``edges``: id, parent) where its chain ends. Chains of up to 32 links are followed; an id whose links go round in a
    ring ends nowhere and has no row. -#}
{% macro roots_of(edges) -%}
jumps_0 as (
    select id, parent from {{ edges }}
),
{% for round in range(5) %}
jumps_{{ round + 1 }} as (
    select
        near.id,
        coalesce(far.parent, near.parent) as parent
    from jumps_{{ round }} as near
    left join jumps_{{ round }} as far on near.parent = far.id
),
{% endfor %}
roots as (
    select
        ends.id,
        ends.parent as root
    from jumps_5 as ends
    left join {{ edges }} as onward on ends.parent = onward.id
    where onward.id is null
)
{%- endmacro %}

{#- The links that are worth anything: of one from a to b and one from b to a, the smaller id is kept. -#}
{% macro not_turned_back(links, id, parent) -%}
select forward.* from {{ links }} as forward
left join (select distinct {{ id }} as turned_id, {{ parent }} as turned_parent from {{ links }}) as back
    on forward.{{ id }} = back.turned_parent and forward.{{ parent }} = back.turned_id
where back.turned_id is null or forward.{{ id }} > forward.{{ parent }}
{%- endmacro %}

{#- Whether a row knows an ad by its name: exports of ads without ids have it, after those of its campaign and group
    where the file names them, in the id's place. -#}
{% macro has_name_as_id(rows) -%}
    coalesce(
        {{ rows }}.action_type = 'ad' and (
            {{ rows }}.action_id in ({{ rows }}.text_excerpt, {{ rows }}.campaign)
            or right({{ rows }}.action_id, length({{ rows }}.text_excerpt) + 3) = ' / ' || {{ rows }}.text_excerpt
        ),
        false
    )
{%- endmacro %}
