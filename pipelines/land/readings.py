"""Which way to read a column of dates: the evidence of the whole column decides, or the owner is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.land.dates import Reading, date_text_sql, day_of_sql, near_day_sql
from pipelines.land.outcome import Unusable
from pipelines.land.words import words

_PLAIN = re.compile(r"((?:199|20\d)\d-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2})?(?: \+0000|Z)?)?")


def are_plain_days(texts: Iterable[str]) -> bool:
    """Whether all texts of a column but those that say nothing are days that begin with their year, and some are."""
    days = 0
    for text in map(str.strip, texts):
        if text.lower() in words().missing:
            continue
        found = _PLAIN.fullmatch(text)
        try:
            days += bool(found and date.fromisoformat(found[1]))
        except ValueError:
            return False
        if not found:
            return False
    return days > 0


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
    ahead: bool = False
    """The days may lie after the export: its day, or the period of the file, says nothing about them."""
    is_plain: bool = False
    """Every text is a day such as 2026-02-28, or a time of such a day: any reading reads them alike."""


@dataclass(frozen=True)
class _Fit:
    reading: Reading
    failures: int
    outcome: str
    first: date | None
    last: date | None
    is_unbroken: bool
    agreeing: int
    other_style: str | None
    """A text that only another order of day and month reads, where some are read."""


def _fits(connection: duckdb.DuckDBPyConnection, column: DateColumn) -> list[_Fit]:
    """How each reading does on a column. Month names are only looked for where figures alone do not read it all."""
    figures = [reading for reading in column.readings if reading.format != "named"]
    fits, has_letters = _try(connection, column, figures) if figures else ([], True)
    if len(figures) < len(column.readings) and (has_letters or all(fit.failures for fit in fits)):
        fits, _ = _try(connection, column, column.readings)
    return fits


def _try(
    connection: duckdb.DuckDBPyConnection, column: DateColumn, readings: Sequence[Reading]
) -> tuple[list[_Fit], bool]:
    """How each of these readings does on a column, and whether any of its dates has a letter in it.

    What counts is looked at once for each distinct date: a million rows speak of a few thousand days. The readings are
    put below one another, since a query that asks each of them alike in columns of its own takes longer to plan than
    to answer.
    """
    places = range(len(readings))
    days = ", ".join(
        f"{day_of_sql('t', reading, serial=column.serial, part='part')} as d{index}"
        for index, reading in enumerate(readings)
    )
    near = ", ".join(f"{near_day_sql(f'd{index}')} as d{index}" for index in places)
    rows = connection.execute(
        f"""
        with texts as (select {column.text} as t, {column.told or "cast(null as date)"} as told from {column.table}),
        parts as (select {date_text_sql("t")} as part, {"t" if column.serial else "null"} as t, told
                  from texts where t is not null),
        kinds as (select part, t, told, count(*) as n from parts group by all),
        days as (select part, t, told, n, {days} from kinds),
        near as (select part, t, told, n, {near} from days),
        each as (select part, t, told, n, unnest([{", ".join(f"d{index}" for index in places)}]) as d,
                 unnest([{", ".join(_other_day_sql(readings, index) for index in places)}]) as other,
                 unnest(range({len(places)})) as place from near)
        select place,
            cast(coalesce(sum(n) filter (where d is null), 0) as bigint),
            cast(bit_xor(hash(concat_ws('|', part, t, told, d))) as varchar),
            min(d), max(d),
            count(distinct d) > 1 and max(d) - min(d) + 1 = count(distinct d),
            cast(coalesce(sum(n) filter (where abs(date_diff('day', d, told)) <= 2), 0) as bigint),
            case when count(d) > 0 then min(part) filter (where d is null and other is not null) end,
            bool_or(regexp_matches(part, '\\p{{L}}'))
        from each group by place
        """
    ).fetchall()
    found = {place: values for place, *values in rows}
    fits = [_Fit(reading, *found.get(place, _NOTHING)[:7]) for place, reading in enumerate(readings)]
    return fits, any(values[7] for values in found.values())


_NOTHING = (0, "0", None, None, False, 0, None)
"""How any reading does on no date at all."""


def _other_day_sql(readings: Sequence[Reading], index: int) -> str:
    """SQL for the day that a reading in the other order of day and month makes of a date."""
    style = readings[index].style
    others = [f"d{n}" for n, other in enumerate(readings) if {style, other.style} == {"dmy", "mdy"}]
    return f"coalesce({', '.join(others)})" if others else "cast(null as date)"


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

    Raises:
        Unusable: some dates are day/month and others month/day. A spreadsheet of another country has turned round those
            that it could read as its own, and which ones cannot be told.
    """
    figures = [reading for reading in column.readings if reading.format != "named"]
    if column.is_plain and figures:
        return next((reading for reading in figures if reading.style == style), figures[0])
    fits = _fits(connection, column)
    fewest = min(fit.failures for fit in fits)
    fits = [fit for fit in fits if fit.failures == fewest]
    fits = [fit for fit in fits if fit.agreeing == max(fit.agreeing for fit in fits)]
    fits = _keep(fits, [fit.reading.style in (style, "named") for fit in fits])
    if len({fit.outcome for fit in fits}) > 1:
        start, end = period
        if (start or end) and not column.ahead:
            inside = [_is_inside(fit, start, end) for fit in fits]
            fits = _keep(fits, inside)
        if column.is_daily:
            fits = _keep(fits, [fit.is_unbroken for fit in fits])
    odd = [fit.other_style for fit in fits if fit.other_style]
    if len(odd) == len(fits):
        raise Unusable(
            f"its dates are in two styles ({odd[0]!r} and others do not go together): a spreadsheet has turned day and "
            "month round in some. Export it again, and do not open it before"
        )
    return fits[0].reading if len({fit.outcome for fit in fits}) == 1 else None
