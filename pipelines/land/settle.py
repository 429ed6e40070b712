"""What only the whole file can settle: its decimal mark, the order of its dates, its years."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.land.dates import (
    Reading,
    date_sql,
    day_sql,
    month_sql,
)
from pipelines.land.evidence import Evidence
from pipelines.land.fields import Settled, text_sql
from pipelines.land.marks import settle_mark
from pipelines.land.outcome import NeedsAnswer, Unusable
from pipelines.land.questions import ask_for_currency, ask_for_period, ask_for_step, ask_for_zone, is_series
from pipelines.land.readings import DateColumn, are_plain_days, settle_reading
from pipelines.land.serials import find_serials, has_serials
from pipelines.land.work import Work
from pipelines.schema import literal
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb


def settle(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence) -> dict[str, Settled]:
    """Decide, from the whole file, its decimal mark, the order of its dates, and its years.

    Raises:
        NeedsAnswer: the file leaves one of them open.
    """
    is_template = all(work.table.match.spec.kind == "template" for work in works)
    mark = settle_mark(connection, works, evidence, is_template=is_template)
    for work in works:
        if not work.table.sheet.serial_dates:
            find_serials(connection, work, _bounds(evidence))
    readings = _settle_dates(connection, works, evidence)
    for work in works:
        for name, spec in work.fields.items():
            if spec.type == "yearless_date" and name in work.columns and name in _row_dates(work):
                work.day_of[name] = _settle_years(connection, work, name, evidence)
    zone = evidence.answers.get("time_zone")
    if not zone and not is_template:
        ask_for_zone(connection, works)
    ask_for_period(connection, works, evidence)
    ask_for_currency(connection, works, evidence)
    return {
        work.name: Settled(
            mark,
            readings[work.name],
            zone or (None if _requires_zone(work) else "UTC"),
            has_serials(work),
            _period(work, evidence),
            work.table.sheet.serial_dates,
        )
        for work in works
    }


def _period(work: Work, evidence: Evidence) -> tuple[date | None, date | None]:
    """The period of a table.

    Raises:
        NeedsAnswer: the table counts days from its start, which nothing says.
    """
    period = evidence.period_of(work.table)
    counted = next((name for name, spec in work.fields.items() if spec.type == "nth" and name in work.columns), None)
    if counted and period[0] is None and work.rows.data:
        raise NeedsAnswer(
            f"period: {work.native_name(counted)!r} counts from the start of the report, and nothing says when "
            "that was (answers: period_start and period_end)"
        )
    return period


def _row_dates(work: Work) -> set[str]:
    """The year-less fields that are dates themselves, not just a check on another field."""
    checks = {spec.printed_day for spec in work.fields.values()}
    return {name for name in work.fields if name not in checks}


def _requires_zone(work: Work) -> bool:
    return any(spec.zone == "required" for spec in work.fields.values())


def _settle_dates(
    connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence
) -> dict[str, dict[str, Reading]]:
    style = evidence.answers.get("date_style")
    period = _bounds(evidence)
    readings: dict[str, dict[str, Reading]] = {work.name: {} for work in works}
    columns = [
        (work, name, DateColumn(
            work.name,
            text_sql(f"c{work.columns[name]}", spec),
            tuple(Reading(each) for each in spec.formats),
            has_serials(work),
            name == "metric_date" and work.table.match.layout.basis is None,
            _told_day(work, spec),
            spec.ahead,
            are_plain_days(_cells(work, work.columns[name])),
        ))
        for work in works
        for name, spec in work.fields.items()
        if spec.type in ("date", "timestamp") and spec.formats and name in work.columns
    ]  # fmt: skip
    open_columns = columns
    for _ in range(2):
        still_open = []
        for work, name, column in open_columns:
            reading = settle_reading(connection, column, style=style, period=period)
            if reading is None:
                still_open.append((work, name, column))
                continue
            readings[work.name][name] = reading
            if name == "metric_date" and is_series(work) and "rows_are" not in evidence.answers:
                ask_for_step(connection, work, column, reading)
            if reading.style in ("dmy", "mdy") and _has_dates(connection, column):
                style = style or reading.style
        open_columns = still_open
    if open_columns:
        work, name, column = open_columns[0]
        row = connection.execute(
            f"select any_value({column.text}) from {column.table} where {column.text} is not null"
        ).fetchone()
        raise NeedsAnswer(
            f"date_style: {work.native_name(name)!r} holds {row[0] if row else ''!r}, and after the whole file was "
            "read it may still be day/month or month/day"
        )
    return readings


def _bounds(evidence: Evidence) -> tuple[date | None, date | None]:
    """The first and last day of which the file can speak, where known."""
    if not any(evidence.period) and evidence.exported_on:
        return None, evidence.exported_on + timedelta(days=1)  # nobody exports a later day, wherever they are
    return evidence.period


def _cells(work: Work, place: int) -> Iterator[str]:
    """The cells of a column; of a large table they are in the engine alone."""
    return (row.cells[place] for row in work.rows.data if place < len(row.cells))


def _told_day(work: Work, spec: FieldSpec) -> str | None:
    """SQL for the day that a row's id tells; None where the table has no such id."""
    if spec.told_by is None:
        return None
    name, below = spec.told_by
    extract = work.fields[name].extract
    column = extract.column if extract else name
    if column not in work.columns:
        return None
    text = f"c{work.columns[column]}"
    found = f"regexp_extract({text}, {literal(extract.pattern)}, 1)" if extract else text
    return f"cast(make_timestamp((try_cast({found} as bigint) >> {below}) * 1000) as date)"


def _has_dates(connection: duckdb.DuckDBPyConnection, column: DateColumn) -> bool:
    """Whether a column holds any date: one without tells nothing of day and month."""
    row = connection.execute(f"select count({column.text}) from {column.table}").fetchone()
    return bool(row and row[0])


def _settle_years(connection: duckdb.DuckDBPyConnection, work: Work, name: str, evidence: Evidence) -> dict[int, date]:
    """Give each row of a year-less series its year: the newest day is the last one that is not after the export,
    and the year goes down by one wherever the series crosses a new year.

    Raises:
        NeedsAnswer: nothing says when the file was written.
        Unusable: the rows follow no order of days.
    """
    if dated := _dated_rows(connection, work, name, evidence):
        return dated
    text = f"c{work.columns[name]}"
    rows = connection.execute(f"select r, {month_sql(text)}, {day_sql(text)} from {work.name} order by r").fetchall()
    known = [(r, month, day) for r, month, day in rows if month and day]
    if not known:
        return {}
    last = evidence.last_day()
    if last is None:
        raise NeedsAnswer(
            f"year: the dates ({known[0][1]:02d}-{known[0][2]:02d} to {known[-1][1]:02d}-{known[-1][2]:02d}, "
            "month-day) carry no year and nothing in the file gives one"
        )
    leaps = [(b[1] - a[1]) * 31 + b[2] - a[2] for a, b in pairwise(known)]
    if sum(-leap % 372 for leap in leaps) < sum(leap % 372 for leap in leaps):  # newest first
        known.reverse()
        leaps = [-leap for leap in reversed(leaps)]
    steps = [leap < 0 for leap in leaps]
    if sum(steps) > 1 + len(known) // 365:
        raise Unusable("the dates carry no year and are in no order from which the years follow")
    year = last.year if known[-1][1:] <= (last.month, last.day) else last.year - 1
    days: dict[int, date] = {}
    for index in range(len(known) - 1, -1, -1):
        r, month, day = known[index]
        if (month, day) == (2, 29) and not isleap(year):
            raise NeedsAnswer(
                f"year: a 29 February is in the file, and {year}, the year that its place suggests, has none"
            )
        with suppress(ValueError):  # 31 April: the row is refused as no date
            days[r] = date(year, month, day)
        if index and steps[index - 1]:
            year -= 1
    return days


def _dated_rows(connection: duckdb.DuckDBPyConnection, work: Work, name: str, evidence: Evidence) -> dict[int, date]:
    """The days of a series that is known to carry no year and does after all, as its owner or a program added them;
    empty where not every row has one.

    A spreadsheet that takes ``December 31`` and ``January 1`` for dates gives both the year in which it was opened:
    such a series has no year of its own either, nor has one that would go on after the day of its export.

    Raises:
        NeedsAnswer: day and month may be either way round.
    """
    spec = work.fields[name]
    text = text_sql(f"c{work.columns[name]}", spec)
    serial = work.table.sheet.serial_dates
    as_serial = rf" or regexp_full_match({text}, '[2-7]\d{{4}}(\.\d+)?')" if serial else ""
    with_year = rf"regexp_matches({text}, '(^|\D)(19|20)\d{{2}}(\D|$)'){as_serial}"
    row = connection.execute(f"select count(*), count(*) filter ({with_year}) from {work.name}").fetchone()
    if not spec.formats or not row or not row[0] or row[0] != row[1]:
        return {}
    formats = tuple(Reading(each) for each in spec.formats)
    column = DateColumn(work.name, text, formats, serial, work.table.match.layout.basis is None)
    style = evidence.answers.get("date_style")
    reading = settle_reading(connection, column, style=style, period=evidence.period)
    if reading is None:
        raise NeedsAnswer(f"date_style: {work.native_name(name)!r} may be day/month or month/day")
    rows = connection.execute(
        f"select r, {date_sql(text, reading, serial=serial)} from {work.name} order by r"
    ).fetchall()
    days = {r: day for r, day in rows if day}
    turns = any(a.timetuple().tm_yday > b.timetuple().tm_yday + 360 for a, b in pairwise(days.values()))
    if turns and len({day.year for day in days.values()}) == 1:
        return {}
    last = evidence.last_day()
    return {} if days and last and max(days.values()) > last + timedelta(days=1) else days
