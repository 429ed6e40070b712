with

given as (
    {%- for each in var('stages') %}
    select lower(trim('{{ each.stage | replace("'", "''") }}')) as stage, '{{ each.kind }}' as stage_kind
    union all
    {%- endfor %}
    select stage, stage_kind from {{ ref('seed_stages') }}
    where stage is null
),

seeded as (
    select * from {{ ref('seed_stages') }}
)

select
    stage,
    max(stage_kind) as stage_kind
from given
group by stage
union all
select
    seeded.stage,
    seeded.stage_kind
from seeded
left join given on seeded.stage = given.stage
where given.stage is null
