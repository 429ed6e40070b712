"""Dates as exports print them: one expression for a reading, and the evidence that decides between readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.land.words import words

_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?"
_OFFSET = r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})"


@dataclass(frozen=True)
class Reading:
    """One way to read a column of dates: a strptime format, or ``named`` for month names."""

    format: str

    @property
    def style(self) -> str:
        """dmy, mdy or ymd: the order of day, month and year; ``named`` has no doubt."""
        if self.format == "named":
            return "named"
        letters = [letter for letter in self.format if letter in "dmYy"]
        return "".join(letters).lower()


def date_text_sql(text: str) -> str:
    """The date part of a text: without time of day and offset."""
    return rf"trim(regexp_replace({text}, '[T,]?\s*{_TIME}\s*{_OFFSET}?$', ''))"


def _month_map() -> str:
    pairs = ", ".join(f"'{name.replace(' ', '')}': {number}" for name, number in sorted(words().months.items()))
    return f"map {{{pairs}}}"


def month_sql(text: str, *, slashed: bool = False) -> str:
    """The month number that a text names, in any known language (``28 de abril``) or with its sign (``2月28日``), or
    that stands after its year (``2026-02-28``); NULL where it names none.

    A weekday's short name may look like a month's (``mar``): where two words name a month, the last one does.

    ``slashed`` also takes a number before a year (``2/28/2026``), whichever way round makes a date, the month first
    where both do: good enough for a check that tries both, not for a date.
    """
    bare = f"lower(replace({text}, '.', ''))"
    for name in sorted((name for name in words().months if " " in name), key=len, reverse=True):
        bare = f"replace({bare}, '{name}', '{name.replace(' ', '')}')"
    tokens = rf"regexp_extract_all({bare}, '[\p{{L}}\p{{M}}]+')"
    named = f"list_last(list_filter(list_transform({tokens}, lambda t: {_month_map()}[t]), lambda m: m is not null))"
    signed = rf"try_cast(regexp_extract({text}, '(\d{{1,2}})\s*[月월]', 1) as integer)"
    called = rf"try_cast(regexp_extract(lower({text}), 'tháng (\d{{1,2}})', 1) as integer)"
    numeric = f"{_after_year_sql(text, 1)}{_slashed_sql(text, 1) if slashed else ''}"
    return f"coalesce({named}, {signed}, {called}, {numeric})"


def day_sql(text: str, *, slashed: bool = False) -> str:
    """The day of the month in a text whose month :func:`month_sql` reads."""
    signed = rf"try_cast(regexp_extract({text}, '(\d{{1,2}})\s*[日일号]', 1) as integer)"
    beside_a_word = rf"try_cast(regexp_extract({text}, '(?:^|[^\d])(\d{{1,2}})(?:[^\d:]|$)', 1) as integer)"
    numeric = f"{_after_year_sql(text, 2)}{_slashed_sql(text, 2) if slashed else ''}"
    return f"coalesce({signed}, {numeric}, {beside_a_word})"


def _after_year_sql(text: str, part: int) -> str:
    """The month (1) or day (2) of a date that begins with its year; NULL in any other text."""
    return rf"try_cast(regexp_extract({text}, '^\d{{4}}[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:\D|$)', {part}) as integer)"


def _slashed_sql(text: str, part: int) -> str:
    """The month (1) or day (2) of a date that ends with its year, as one more choice."""
    first, second = (
        rf"try_cast(regexp_extract({text}, '^(\d{{1,2}})[-/.](\d{{1,2}})[-/.]\d{{4}}(?:\D|$)', {place}) as integer)"
        for place in (part, 3 - part)
    )
    leading = first if part == 1 else second
    return f", case when {leading} <= 12 then {first} else {second} end"


def _named_sql(part: str) -> str:
    year = rf"regexp_extract({part}, '(?:^|[^\d])((?:19|20)\d{{2}})(?:[^\d]|$)', 1)"
    return f"try_cast({year} || '-' || lpad(cast({month_sql(part)} as varchar), 2, '0') || '-' || " + (
        f"lpad(cast({day_sql(part)} as varchar), 2, '0') as date)"
    )


def date_sql(text: str, reading: Reading, *, serial: bool, part: str | None = None) -> str:
    """SQL for the day that a text names under a reading. Dates that begin with the year, and spreadsheet serials
    where ``serial``, are never in doubt and always read. ``part`` names a column that already holds the date part."""
    part = part or date_text_sql(text)
    year_first = f"try_strptime({part}, ['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y年%m月%d日'])"
    options = [rf"case when regexp_matches({part}, '^\d{{4}}\D') then {year_first} end"]
    if serial:
        number = rf"case when regexp_full_match({text}, '[2-7]\d{{4}}(\.\d+)?') then try_cast({text} as double) end"
        options.append(f"date '1899-12-30' + cast(floor({number}) as integer)")
    if reading.format == "named":
        options.append(_named_sql(part))
    elif reading.format != "%Y-%m-%d":
        options.append(f"try_strptime({part}, '{reading.format}')")
    day = f"cast(coalesce({', '.join(f'cast({option} as date)' for option in options)}) as date)"
    return f"case when {day} between date '1990-01-01' and date '2100-01-01' then {day} end"


def time_of_day_sql(text: str) -> str:
    """The time of day in a text as an interval; zero where it has none."""
    clock = f"upper(replace(regexp_extract({text}, '({_TIME})', 1), '.M', 'M'))"
    formats = "['%H:%M:%S', '%H:%M', '%H:%M:%S.%f', '%I:%M:%S %p', '%I:%M %p', '%I:%M:%S%p', '%I:%M%p']"
    instant = f"try_strptime({clock}, {formats})"
    return f"coalesce({instant} - date_trunc('day', {instant}), interval 0 second)"


def offset_minutes_sql(text: str) -> str:
    """The UTC offset in a text in minutes; NULL where it has none."""
    offset = rf"regexp_extract({text}, '\d{{1,2}}:\d{{2}}.*?\s*({_OFFSET})$', 1)"
    hours = rf"try_cast(regexp_extract({offset}, '[+-](\d{{2}}):?(\d{{2}})', 1) as integer)"
    minutes = rf"try_cast(regexp_extract({offset}, '[+-](\d{{2}}):?(\d{{2}})', 2) as integer)"
    sign = f"case when {offset} like '-%' then -1 else 1 end"
    return (
        f"case when {offset} in ('Z', 'UTC', 'GMT') then 0 "
        f"when {offset} <> '' then {sign} * ({hours} * 60 + {minutes}) end"
    )


@dataclass(frozen=True)
class DateColumn:
    """A column of dates: where it stands, how it may be read."""

    table: str
    text: str
    readings: tuple[Reading, ...]
    serial: bool
    is_daily: bool
    told: str | None = None
    """SQL for the day that an id in the same row tells."""


@dataclass(frozen=True)
class _Fit:
    reading: Reading
    failures: int
    outcome: str
    first: date | None
    last: date | None
    is_unbroken: bool
    agreeing: int


def _fits(connection: duckdb.DuckDBPyConnection, column: DateColumn) -> list[_Fit]:
    days = ", ".join(
        f"{date_sql('t', reading, serial=column.serial, part='part')} as d{index}"
        for index, reading in enumerate(column.readings)
    )
    figures = ", ".join(
        f"""count(*) filter (where t is not null and d{index} is null),
            coalesce(md5(string_agg(coalesce(cast(d{index} as varchar), '?'), ',' order by r)), ''),
            min(d{index}), max(d{index}),
            count(distinct d{index}) > 1 and max(d{index}) - min(d{index}) + 1 = count(distinct d{index}),
            count(*) filter (where abs(date_diff('day', d{index}, told)) <= 2)"""
        for index in range(len(column.readings))
    )
    row = connection.execute(
        f"""
        with texts as (select r, {column.text} as t, {column.told or "cast(null as date)"} as told from {column.table}),
        parts as (select *, {date_text_sql("t")} as part from texts),
        days as (select *, {days} from parts)
        select {figures} from days
        """
    ).fetchone()
    values = list(row or ())
    return [_Fit(reading, *values[index * 6 : index * 6 + 6]) for index, reading in enumerate(column.readings)]


def _keep(fits: list[_Fit], test: Sequence[bool]) -> list[_Fit]:
    """The readings that pass a test, unless none does: then it says nothing."""
    kept = [fit for fit, passed in zip(fits, test, strict=True) if passed]
    return kept or fits


def _is_inside(fit: _Fit, start: date | None, end: date | None) -> bool:
    if not fit.first or not fit.last:
        return False
    return (not start or start <= fit.first) and (not end or fit.last <= end)


def settle_reading(
    connection: duckdb.DuckDBPyConnection,
    column: DateColumn,
    *,
    style: str | None,
    period: tuple[date | None, date | None],
) -> Reading | None:
    """The one reading of a column of dates, from the whole column and what else is known of the file.

    In this order: readings that leave fewer dates unread; those with which the rows' own ids agree; the style that
    the owner or another column of the file has settled; the period that the file's name declares, or the day of the
    export; an unbroken run of days where the grain is the day.

    Args:
        style: dmy, mdy or ymd where something else has settled it.
        period: first and last day that the file can speak of, where known.

    Returns:
        The reading, or None where more than one is left and they disagree: then the owner is asked.
    """
    fits = _fits(connection, column)
    fewest = min(fit.failures for fit in fits)
    fits = [fit for fit in fits if fit.failures == fewest]
    fits = [fit for fit in fits if fit.agreeing == max(fit.agreeing for fit in fits)]
    fits = _keep(fits, [fit.reading.style in (style, "named") for fit in fits])
    if len({fit.outcome for fit in fits}) > 1:
        start, end = period
        if start or end:
            inside = [_is_inside(fit, start, end) for fit in fits]
            fits = _keep(fits, inside)
        if column.is_daily:
            fits = _keep(fits, [fit.is_unbroken for fit in fits])
    return fits[0].reading if len({fit.outcome for fit in fits}) == 1 else None
