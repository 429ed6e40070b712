{%- set rules = {'by_chain': 'markov_path', 'by_game': 'shapley_ordered'} -%}
with

conversions as (
    select
        conversion_id,
        {{ 'cast(null as date)' if var('path_period') == 'all' else first_day_of(var('path_period'), 'conversion_date') }}
            as period_start
    from {{ ref('mart_conversions') }}
),

conversion_touches as (
    select
        touches.*,
        conversions.period_start
    from {{ ref('int_conversion_touches_placed') }} as touches
    {{ only_stale('int_paths_stale', 'touches', 'conversion_id') }}
    inner join conversions on touches.conversion_id = conversions.conversion_id
),

weights as (
    select * from {{ ref('stg_attribution__weights') }}
),

by_chain as (
    select
        'markov_path' as model,
        conversion_touches.conversion_id,
        conversion_touches.touch_id,
        conversion_touches.position,
        weights.weight,
        conversion_touches.{{ origin_columns() | join(',\n        conversion_touches.') }}
    from conversion_touches
    inner join weights
        on conversion_touches.state = weights.state
        {%- if var('path_period') != 'all' %}
        and conversion_touches.period_start = weights.period_start
        {%- endif %}
),

by_game as (
    select
        'shapley_ordered' as model,
        conversion_id,
        touch_id,
        position,
        {{ weight_one_of('channel_touches') }} as weight,
        {{ origin_columns() | join(',\n        ') }}
    from conversion_touches
),

weighed as (
    {%- for rule in ['by_chain', 'by_game'] %}
    select * from {{ rule }}
    where {{ 'true' if rules[rule] in var('path_models') else 'false' }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from weighed
