with

conversions as (
    select
        conversion_id,
        {{ first_day_of('month', 'conversion_date') }} as month_start,
        revenue,
        net_revenue
    from {{ ref('mart_conversions') }}
),

converted_paths as (
    select * from {{ ref('int_journeys_converted') }}
),

lost_paths as (
    select * from {{ ref('int_journeys_lost') }}
),

walked as (
    {%- for grain in var('journey_grains') %}
    select
        '{{ grain }}' as grain,
        coalesce(converted_paths.{{ grain }}_path, '[]') as path,
        conversions.month_start,
        1 as conversions,
        conversions.revenue,
        conversions.net_revenue,
        0 as non_conversions
    from conversions
    left join converted_paths on conversions.conversion_id = converted_paths.conversion_id
    union all
    select
        '{{ grain }}' as grain,
        {{ grain }}_path as path,
        {{ first_day_of('month', local_date('last_touched_at')) }} as month_start,
        0 as conversions,
        cast(null as decimal(18, 6)) as revenue,
        cast(null as decimal(18, 6)) as net_revenue,
        1 as non_conversions
    from lost_paths
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    grain,
    path,
    month_start,
    sum(conversions) as conversions,
    cast(sum(revenue) as decimal(18, 6)) as revenue,
    cast(sum(net_revenue) as decimal(18, 6)) as net_revenue,
    sum(non_conversions) as non_conversions
from walked
group by grain, path, month_start
