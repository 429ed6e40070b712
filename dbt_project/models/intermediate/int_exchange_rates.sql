with

used as (
    select * from {{ ref('int_currencies_used') }}
),

needed as (
    select * from used
    where currency <> '{{ var("reporting_currency") }}'
    union all
    select
        '{{ var("reporting_currency") }}' as currency,
        min(first_day) as first_day,
        max(last_day) as last_day
    from used
),

days as (
    {{ days_between('(select min(first_day) from used)', '(select max(last_day) from used)') }}
),

asked as (
    select
        needed.currency,
        days.day
    from needed
    inner join days on days.day between needed.first_day and needed.last_day
),

quoted as (
    select
        upper(currency) as currency,
        rate_date as day,
        max_by(
            {{ to_micros('rate') }}, coalesce(cast(as_of as {{ dbt.type_string() }}), '') || file_sha256
        ) as micros
    from {{ ref('stg_raw__fx_rates') }}
    where rate > 0
    group by upper(currency), rate_date
    union all
    select
        currency,
        day,
        {{ to_micros('1') }} as micros
    from asked
    where currency = 'EUR'
),

joined as (
    select
        coalesce(asked.currency, quoted.currency) as currency,
        coalesce(asked.day, quoted.day) as day,
        asked.day is not null as is_asked,
        quoted.micros,
        quoted.day as quoted_day
    from asked
    full outer join quoted on asked.currency = quoted.currency and asked.day = quoted.day
    where coalesce(asked.currency, quoted.currency) in (select needed.currency from needed)
),

carried as (
    select
        currency,
        day,
        is_asked,
        last_value(micros ignore nulls) over (
            partition by currency order by day rows between unbounded preceding and current row
        ) as micros,
        max(quoted_day) over (
            partition by currency order by day rows between unbounded preceding and current row
        ) as quoted_on
    from joined
)

select
    own.currency,
    own.day as rate_day,
    own.micros as currency_micros,
    reporting.micros as reporting_micros,
    least(own.quoted_on, reporting.quoted_on) as quoted_on
from carried as own
inner join carried as reporting
    on reporting.currency = '{{ var("reporting_currency") }}' and own.day = reporting.day
where
    own.is_asked
    and own.currency <> '{{ var("reporting_currency") }}'
    and own.micros is not null
    and reporting.micros is not null
