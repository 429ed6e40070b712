{{ config(tags=['attribution']) }}
with

changed as (
    select
        model,
        network,
        touch_date
    from {{ ref('int_attributed_changed') }}
    where network is not null and touch_date is not null
)

select * from changed
union
select
    models.model,
    days.network,
    days.touch_date
from {{ ref('int_attribution_models') }} as models
cross join {{ ref('int_click_days_stale') }} as days
