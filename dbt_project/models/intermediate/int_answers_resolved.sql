{#- An answer is a mark of its own, or holds the names of networks, or is the name of another kind of source. A short name
    (of one or two letters) must be the whole answer. -#}
with

given as (
    select lower(trim(self_reported_source)) as answer from {{ ref('int_conversions_collected') }}
    union
    select lower(trim(self_reported_source)) as answer from {{ ref('int_opportunities_resolved') }}
    union
    select lower(trim(self_reported_source)) as answer from {{ ref('stg_raw__contacts') }}
),

answers as (
    select
        answer,
        {{ words_of('answer') }} as words
    from given
    where answer <> ''
),

called as (
    select display_name as name, network from {{ ref('stg_raw__networks') }}
    union all
    select network as name, network from {{ ref('stg_raw__networks') }}
    union all
    select alias as name, network from {{ ref('int_network_aliases_resolved') }}
    where kind = 'utm_source' and network is not null
),

names as (
    select distinct {{ words_of('name') }} as words, network from called
),

named as (
    select
        answers.answer,
        case when count(distinct names.network) = 1 then min(names.network) end as network
    from answers
    inner join names
        on answers.words = names.words
        or (length(names.words) > 4 and contains(answers.words, names.words))
    group by answers.answer
),

sources as (
    select distinct
        answers.answer,
        'organic_search' as channel
    from answers
    inner join {{ ref('seed_sources') }} as sources on answers.words = {{ words_of('sources.source') }}
    where sources.kind = 'search'
),

marks as (
    select * from {{ ref('int_marks_resolved') }}
    where mark_type = 'self_reported'
)

select
    answers.answer,
    coalesce(marks.network, named.network) as network,
    coalesce(
        marks.channel,
        case when named.answer is not null and named.network is null then 'organic_social' end,
        sources.channel
    ) as channel,
    marks.campaign,
    marks.seller_id,
    coalesce(marks.mark_key, named.answer, sources.answer) is not null as is_understood
from answers
left join marks on answers.answer = marks.mark_key
left join named on answers.answer = named.answer
left join sources on answers.answer = sources.answer
