"""What only the whole file can settle: its decimal mark, the order of its dates, its years."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.land.convert import Work
from pipelines.land.dates import DateColumn, Reading, date_sql, day_sql, month_sql, offset_minutes_sql, settle_reading
from pipelines.land.evidence import Evidence
from pipelines.land.fields import Settled, literal, text_sql
from pipelines.land.numbers import DecimalMark, bare_sql, number_sql
from pipelines.land.outcome import NeedsAnswer, Unusable
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb


def settle(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence) -> dict[str, Settled]:
    """Decide, from the whole file, its decimal mark, the order of its dates, and its years.

    Raises:
        NeedsAnswer: the file leaves one of them open.
    """
    is_template = all(work.table.match.spec.kind == "template" for work in works)
    mark: DecimalMark = "." if is_template else _settle_mark(connection, works, evidence)
    readings = _settle_dates(connection, works, evidence)
    for work in works:
        for name, spec in work.fields.items():
            if spec.type == "yearless_date" and name in work.columns and name in _row_dates(work):
                work.day_of[name] = _settle_years(connection, work, name, evidence)
    zone = evidence.answers.get("time_zone")
    if not zone and not is_template:
        _ask_for_zone(connection, works)
    if not is_template:
        _ask_for_currency(works, evidence)
    return {
        work.name: Settled(
            mark,
            readings[work.name],
            zone or (None if _requires_zone(work) else "UTC"),
            work.table.sheet.serial_dates,
        )
        for work in works
    }


def _row_dates(work: Work) -> set[str]:
    """The year-less fields that are dates themselves, not just a check on another field."""
    checks = {spec.printed_day for spec in work.fields.values()}
    return {name for name in work.fields if name not in checks}


def _requires_zone(work: Work) -> bool:
    return any(spec.zone == "required" for spec in work.fields.values())


def _ask_for_zone(connection: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> None:
    """Ask for the zone of a column of times that must have one and of which none carries an offset.

    Raises:
        NeedsAnswer: with the column and one of its texts.
    """
    for work in works:
        for name, spec in work.fields.items():
            if spec.zone != "required" or name not in work.columns:
                continue
            text = text_sql(f"c{work.columns[name]}", spec)
            row = connection.execute(
                f"select any_value({text}), count({offset_minutes_sql(text)}) from {work.name}"
            ).fetchone()
            if row and row[0] and not row[1]:
                raise NeedsAnswer(
                    f"time_zone: the times in {work.native_name(name)!r} ({row[0]!r}) carry no offset and nothing in "
                    "the file gives their zone"
                )


def _ask_for_currency(works: Sequence[Work], evidence: Evidence) -> None:
    """Ask for the currency of a table of money that names it nowhere.

    Raises:
        NeedsAnswer: the owner has not said it.
    """
    for work in works:
        spec = work.fields.get("currency")
        if spec is None or not spec.needed or "currency" in work.columns or work.table.match.currency:
            continue
        if not evidence.answers.get("currency"):
            raise NeedsAnswer("currency: the file has amounts and no column that says their currency")
        work.given.add("currency")


def _settle_mark(connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence) -> DecimalMark:
    answered = evidence.answers.get("decimal_mark")
    if answered:
        return "," if answered == "," else "."
    texts = [
        f"""select {bare_sql(text_sql(f"c{place}", work.fields[name]))} as b,
                   {work.fields[name].type == "count"} as whole from {work.name}"""
        for work in works
        for name, place in work.columns.items()
        if name in work.fields and work.fields[name].type in ("count", "amount")
    ]
    if not texts:
        return "."
    row = connection.execute(
        f"""
        with texts as ({" union all ".join(texts)}),
        numbers as (select b, whole, {number_sql("b", ".")} as p, {number_sql("b", ",")} as c
                    from texts where translate(b, '0123456789-', '') <> ''),
        judged as (select b, case when not whole or p = floor(p) then p end as p,
                          case when not whole or c = floor(c) then c end as c from numbers)
        select count(*) filter (where p is null), count(*) filter (where c is null),
               count(*) filter (where p <> c), any_value(b) filter (where p <> c) from judged
        """
    ).fetchone()
    bad_point, bad_comma, differing, example = row or (0, 0, 0, None)
    if differing and bad_point == bad_comma:
        raise NeedsAnswer(f"decimal_mark: {example!r} reads two ways and nothing in the file settles it")
    return "," if bad_comma < bad_point else "."


def _settle_dates(
    connection: duckdb.DuckDBPyConnection, works: Sequence[Work], evidence: Evidence
) -> dict[str, dict[str, Reading]]:
    style = evidence.answers.get("date_style")
    period = evidence.period
    if not any(period) and evidence.exported_on:
        period = (None, evidence.exported_on + timedelta(days=1))  # nobody exports a later day, wherever they are
    readings: dict[str, dict[str, Reading]] = {work.name: {} for work in works}
    columns = [
        (work, name, DateColumn(
            work.name,
            text_sql(f"c{work.columns[name]}", spec),
            tuple(Reading(each) for each in spec.formats),
            work.table.sheet.serial_dates,
            name == "metric_date" and work.table.match.layout.basis is None,
            _told_day(work, spec),
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
    such a series has no year of its own either.

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
    return {} if turns and len({day.year for day in days.values()}) == 1 else days
