with

models as (
    select * from {{ ref('int_attribution_models') }}
),

conversion_touches as (
    select * from {{ ref('int_conversion_touches') }}
),

counted as (
    select
        models.model,
        models.half_life_days,
        conversion_touches.conversion_id,
        conversion_touches.touch_id,
        conversion_touches.touched_at,
        conversion_touches.age_seconds,
        case when conversion_touches.channel = 'direct' then 0 else 1 end as is_not_direct
    from models
    inner join conversion_touches on conversion_touches.age_seconds <= models.lookback_days * 86400
),

placed as (
    select
        *,
        row_number() over (partition by model, conversion_id order by touched_at, touch_id) as position,
        row_number() over (
            partition by model, conversion_id
            order by is_not_direct desc, touched_at desc, touch_id desc
        ) as non_direct_recency,
        count(*) over (partition by model, conversion_id) as touches,
        min(age_seconds) over (partition by model, conversion_id) as newest_age_seconds
    from counted
),

described as (
    select
        *,
        case when non_direct_recency = 1 then 1 else 0 end as is_last_non_direct
    from placed
)

select
    model,
    conversion_id,
    touch_id,
    position,
    case model
        {%- for model, weight in credit_rules().items() %}
        when '{{ model }}' then {{ weight }}
        {%- endfor %}
    end as weight
from described
