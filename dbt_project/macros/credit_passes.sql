{#- Which touches the models of one pass see. A pass comes from pipelines/credit_passes.py. -#}

{% macro sql_text(value) -%}'{{ value | replace("'", "''") }}'{%- endmacro %}

{% macro sql_texts(values) -%}
    {%- for value in values %}{{ sql_text(value) }}{% if not loop.last %}, {% endif %}{% endfor -%}
{%- endmacro %}

{#- True where the touch is young enough: the first window that fits it decides, else the days of the pass. -#}
{% macro within_window(sieve) -%}
    {%- if not sieve.windows %}
    age_seconds <= 86400 * {{ sieve.days }}
    {%- else %}
    age_seconds <= 86400 * case
        {%- for window in sieve.windows %}
        when true
            {%- if window.paid is not none %} and {{ '' if window.paid else 'not ' }}is_paid{% endif %}
            {%- if window.network %} and network = {{ sql_text(window.network) }}{% endif %}
            {%- if window.touch_type %} and touch_type = {{ sql_text(window.touch_type) }}{% endif %}
            then {{ window.days }}
        {%- endfor %}
        else {{ sieve.days }}
    end
    {%- endif %}
{%- endmacro %}

{#- True where the lists of a model let the touch through. -#}
{% macro let_through(sieve) -%}
    {%- set columns = {"channels": "channel", "networks": "coalesce(network, '')", "touch_types": "touch_type"} -%}
    true
    {%- for key, column in columns.items() %}
    {%- if sieve.include[key] %} and {{ column }} in ({{ sql_texts(sieve.include[key]) }}){% endif %}
    {%- if sieve.exclude[key] %} and {{ column }} not in ({{ sql_texts(sieve.exclude[key]) }}){% endif %}
    {%- endfor %}
{%- endmacro %}

{#- What a transform keeps of a journey, as an expression over the touches of a conversion. -#}
{% macro kept_by(transform) -%}
    {%- set journey = "partition by conversion_id" -%}
    {%- set ordered = journey ~ " order by touched_at, touch_id" -%}
    {%- if transform.name == "exposure_path" -%}
    coalesce(lag(channel) over ({{ ordered }}) <> channel, true)
    {%- elif transform.name == "first_path" -%}
    row_number() over (partition by conversion_id, channel order by touched_at, touch_id) = 1
    {%- elif transform.name == "touches_of_a_channel" -%}
    row_number() over (partition by conversion_id, channel order by touched_at, touch_id) <= {{ transform.value }}
    {%- elif transform.name == "last_touches" -%}
    row_number() over ({{ journey }} order by touched_at desc, touch_id desc) <= {{ transform.value }}
    {%- else -%}
    {%- set other = "count(case when channel <> " ~ sql_text(transform.value) ~ " then 1 end) over (" -%}
    {%- if transform.name == "remove_if_not_all" -%}
    channel <> {{ sql_text(transform.value) }} or {{ other }}{{ journey }}) = 0
    {%- else -%}
    {{ other }}{{ ordered }} rows between current row and unbounded following) > 0 or {{ other }}{{ journey }}) = 0
    {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The CTEs of one pass, from the touches that may count to those with their place, their weights and running totals
    (summed_N), what falls to each of them (divided_N), and the conversions that have none (untouched_N). -#}
{% macro pass_ctes(sieve, number) -%}
counted_{{ number }} as (
    select * from conversion_touches
    where {{ within_window(sieve) }} and {{ let_through(sieve) }}
),
{%- set from = namespace(name="counted_" ~ number) %}
{%- for transform in sieve.transforms %}

tested_{{ number }}_{{ loop.index }} as (
    select *, {{ kept_by(transform) }} as is_kept_{{ loop.index }} from {{ from.name }}
),

kept_{{ number }}_{{ loop.index }} as (
    select * from tested_{{ number }}_{{ loop.index }} where is_kept_{{ loop.index }}
),
{%- set from.name = "kept_" ~ number ~ "_" ~ loop.index %}
{%- endfor %}
{%- set staged = sieve.models | selectattr("kind", "equalto", "stages") | list %}

placed_{{ number }} as (
    select
        touched.conversion_id, touched.touch_id, touched.channel, touched.touch_type, touched.age_seconds,
        touched.revenue_micros, touched.net_revenue_micros,
        row_number() over (
            partition by touched.conversion_id order by touched.touched_at, touched.touch_id
        ) as position,
        count(*) over (partition by touched.conversion_id) as touches,
        min(touched.age_seconds) over (partition by touched.conversion_id) as newest_age_seconds
        {%- for stage in ['lead', 'opportunity'] if staged %},
        count(case when touched.touched_second <= stages.{{ stage }}_second then 1 end)
            over (partition by touched.conversion_id) as {{ stage }}_position
        {%- endfor %}
        {%- if staged %},
        stages.conversion_id is not null as has_stages
        {%- endif %}
    from {{ from.name }} as touched
    {%- if staged %}
    left join stages on touched.conversion_id = stages.conversion_id
    {%- endif %}
),

weighed_{{ number }} as (
    select
        *
        {%- for rule in sieve.models if is_summed(rule) %},
        {{ summed_weight(rule) }} as weight_{{ loop.index }}
        {%- endfor %}
    from placed_{{ number }}
),

summed_{{ number }} as (
    select
        *,
        cast(1000000000 as bigint) as credit_billionths,
        {{ net_is_revenue() }} as net_is_revenue
        {%- if sieve.models | selectattr("kind", "equalto", "last_non_direct") | list %},
        max(case when channel <> 'direct' then position end) over (partition by conversion_id)
            as last_non_direct_position
        {%- endif %}
        {%- for rule in sieve.models if is_summed(rule) %},
        cast(sum(weight_{{ loop.index }}) over (
            partition by conversion_id order by position rows between unbounded preceding and current row
        ) as bigint) as after_{{ loop.index }},
        cast(sum(weight_{{ loop.index }}) over (partition by conversion_id) as bigint) as total_{{ loop.index }}
        {%- endfor %}
    from weighed_{{ number }}
),

{{ division_ctes(sieve, number) }},

untouched_{{ number }} as (
    select conversions.* from conversions
    left join placed_{{ number }} as touched
        on conversions.conversion_id = touched.conversion_id and touched.position = 1
    where touched.conversion_id is null
)
{%- endmacro %}
