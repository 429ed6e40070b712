with

described as (
    select action_key, account, action_type from {{ ref('int_actions_described') }}
),

days as (
    select
        network,
        account,
        cast({{ dbt.date_trunc('month', 'metric_date') }} as date) as month_start,
        {% for metric in summable_metrics() -%}
        sum({{ metric }}) as {{ metric }}{% if not loop.last %}, {% endif %}
        {%- endfor %}
    from {{ ref('mart_account_metrics_daily') }}
    group by network, account, cast({{ dbt.date_trunc('month', 'metric_date') }} as date)
),

posts as (
    select
        metrics.network,
        described.account,
        cast({{ dbt.date_trunc('month', 'metrics.metric_date') }} as date) as month_start,
        {% for metric in summable_metrics() -%}
        sum(metrics.{{ metric }}) as {{ metric }}{% if not loop.last %}, {% endif %}
        {%- endfor %}
    from {{ ref('mart_action_metrics_daily') }} as metrics
    inner join described on metrics.action_key = described.action_key
    where described.action_type <> 'ad'
    group by metrics.network, described.account, cast({{ dbt.date_trunc('month', 'metrics.metric_date') }} as date)
),

months as (
    {% for metric in summable_metrics() -%}
    select
        days.network, days.account, days.month_start, '{{ metric }}' as metric,
        cast(days.{{ metric }} as decimal(38, 6)) as value_believed,
        cast(posts.{{ metric }} as decimal(38, 6)) as value_other
    from days
    inner join posts
        on days.network = posts.network and days.account = posts.account and days.month_start = posts.month_start
    where days.{{ metric }} <> posts.{{ metric }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}
),

by_month as (
    select
        'days_and_posts' as kind,
        network, account, cast(null as {{ dbt.type_string() }}) as action_key, metric,
        month_start as period_start,
        cast({{ dbt.last_day('month_start', 'month') }} as date) as period_end,
        value_believed, value_other,
        cast(null as {{ dbt.type_string() }}) as source_believed, cast(null as {{ dbt.type_string() }}) as source_other,
        cast(null as {{ dbt.type_string() }}) as file_believed, cast(null as {{ dbt.type_string() }}) as file_other,
        cast(null as date) as as_of_believed, cast(null as date) as as_of_other,
        'both stand: days count what happened to all posts in the month, posts what happened to those reported, booked on the day of publication'
            as believed_because
    from months
)

select * from by_month
