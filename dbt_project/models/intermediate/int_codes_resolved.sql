{#- A cell may hold several codes. The one that is spelt out counts before one whose end is open, the longer of two such,
    then the first in the alphabet. -#}
with

given as (
    select lower(trim(discount_code)) as code from {{ ref('int_touches_deduped') }}
    union
    select lower(trim(discount_code)) as code from {{ ref('int_conversions_collected') }}
),

parts as (
    select
        code,
        {{ parts_of('code') }} as part
    from given
    where code is not null
),

codes as (
    select * from {{ ref('int_marks_resolved') }}
    where mark_type = 'discount_code'
),

found as (
    select
        parts.code,
        codes.mark_key,
        0 as openness
    from parts
    inner join codes on trim(parts.part) = codes.mark_key
    union all
    select
        parts.code,
        codes.mark_key,
        1 as openness
    from parts
    inner join codes on codes.prefix is not null and left(trim(parts.part), length(codes.prefix)) = codes.prefix
),

ranked as (
    select
        *,
        row_number() over (partition by code order by openness asc, length(mark_key) desc, mark_key asc) as closeness
    from found
)

select
    ranked.code,
    codes.network,
    codes.channel,
    codes.campaign,
    codes.action_key,
    codes.seller_id
from ranked
inner join codes on ranked.mark_key = codes.mark_key
where ranked.closeness = 1
