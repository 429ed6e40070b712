{%- for model in var('attribution_models') %}
select
    '{{ model.model }}' as model,
    {{ model.lookback_days }} as lookback_days,
    {{ model.half_life_days }} as half_life_days
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
