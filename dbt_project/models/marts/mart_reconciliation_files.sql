with

totals as (
    select
        file_sha256,
        count(*) as figures,
        sum(rows_with_value) as rows_with_value,
        sum(total_loaded) as total_loaded,
        max(total_loaded) as largest
    from {{ ref('stg_raw__file_totals') }}
    group by file_sha256
),

files as (
    select
        loads.*, totals.figures, totals.rows_with_value, totals.total_loaded, totals.largest
    from {{ ref('stg_raw__loads') }} as loads
    inner join totals on loads.file_sha256 = totals.file_sha256
    where loads.status = 'loaded' and loads.rows_loaded > 0
),

same_figures as (
    select
        'files_with_the_same_rows' as kind,
        one.networks as network, one.account, cast(null as {{ dbt.type_string() }}) as action_key,
        cast(null as {{ dbt.type_string() }}) as metric,
        one.period_start, one.period_end,
        cast(one.rows_loaded as decimal(38, 6)) as value_believed,
        cast(another.rows_loaded as decimal(38, 6)) as value_other,
        one.source as source_believed, another.source as source_other,
        one.file_sha256 as file_believed, another.file_sha256 as file_other,
        cast(null as date) as as_of_believed, cast(null as date) as as_of_other,
        'the same rows, figures and period in other bytes: they count once' as believed_because
    from files as one
    inner join files as another
        on
        one.source = another.source
        and one.format = another.format
        and one.rows_loaded = another.rows_loaded
        and one.period_start = another.period_start
        and one.period_end = another.period_end
        and one.figures = another.figures
        and one.rows_with_value = another.rows_with_value
        and one.total_loaded = another.total_loaded
        and one.largest = another.largest
    where one.file_sha256 < another.file_sha256
)

select * from same_figures
