with

touches as (
    select touch_id, discount_code, landing_key, referrer_key from {{ renewed('int_touches_collected', 'int_touches_renewed') }}
    where discount_code is not null or landing_key is not null or referrer_key is not null
),

codes as (
    select * from {{ ref('int_codes_resolved') }}
),

links as (
    select * from {{ ref('int_marks_resolved') }}
    where mark_type = 'short_link'
),

found as (
    {%- for address in ['landing_key', 'referrer_key'] %}
    select
        touches.touch_id,
        {{ loop.index }} as priority,
        'short_link' as kind,
        links.network,
        links.channel,
        links.campaign,
        links.action_key,
        links.seller_id
    from touches
    inner join links on touches.{{ address }} = links.mark_key
    union all
    {%- endfor %}
    select
        touches.touch_id,
        3 as priority,
        'discount_code' as kind,
        codes.network,
        codes.channel,
        codes.campaign,
        codes.action_key,
        codes.seller_id
    from touches
    inner join codes on lower(trim(touches.discount_code)) = codes.code
),

ranked as (
    select
        *,
        row_number() over (partition by touch_id order by priority) as closeness
    from found
)

select
    touch_id,
    kind,
    network,
    channel,
    campaign,
    action_key,
    seller_id
from ranked
where closeness = 1
