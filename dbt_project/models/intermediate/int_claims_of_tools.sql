with

shared as (
    select action_key
    from {{ ref('int_action_metrics_observed') }}
    group by action_key
    having count(distinct source_rank) > 1
),

observed as (
    select observed.*
    from {{ ref('int_action_metrics_observed') }} as observed
    inner join shared on observed.action_key = shared.action_key
),

claims as (
    {% for metric in metric_names() -%}
    select
        action_key, network, source_rank, basis_rank, '{{ metric }}' as metric,
        {% if metric in standing_metrics() -%}
        cast(max_by({{ metric }}, observation_date) as decimal(38, 6)) as claimed,
        {%- else -%}
        cast(
            case when basis_rank = 2 then max_by({{ metric }}, observation_date) else sum({{ metric }}) end
            as decimal(38, 6)
        ) as claimed,
        {%- endif %}
        max(observation_date) as as_of
    from observed
    where {{ metric }} is not null
    group by action_key, network, source_rank, basis_rank
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}
),

best as (
    select
        *,
        row_number() over (partition by action_key, metric, source_rank order by basis_rank) as place,
        max(source_rank) over (partition by action_key, metric) as highest_rank
    from claims
)

select
    own.network,
    own.action_key,
    own.metric,
    own.claimed as value_believed,
    tool.claimed as value_other,
    own.as_of as as_of_believed,
    tool.as_of as as_of_other
from best as own
inner join best as tool on own.action_key = tool.action_key and own.metric = tool.metric
where
    own.place = 1
    and tool.place = 1
    and own.source_rank = own.highest_rank
    and tool.source_rank < tool.highest_rank
    and own.claimed <> tool.claimed
