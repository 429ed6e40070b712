"""The books and the original of converted tables: totals and periods, refused rows, every row as the file gave it."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.lake import FileTotal, QuarantinedRow
from pipelines.land.body import quoted, unique_names
from pipelines.land.canonical import done_columns
from pipelines.land.dates import day_sql, month_sql
from pipelines.land.identifiers import person
from pipelines.land.personal import personal_columns, personal_places, shifted_rows
from pipelines.land.problems import feeds
from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.unpivot import original_sql
from pipelines.land.work import Work
from pipelines.schema import catalogue, literal

if TYPE_CHECKING:
    import duckdb

_DAYS_SPOKEN_OF = (
    "metric_date", "rate_date", "published_date", "published_at", "ordered_at", "touched_at", "created_at",
    "entered_at", "linked_at", "period_end", "end_date",
)  # fmt: skip
_SPANS = {
    "costs": ("period_start", "period_end"),
    "objectives": ("period_start", "period_end"),
    "experiments": ("start_date", "end_date"),
}
_MONEY_TABLES = (
    "orders", "order_lines", "costs", "daily_sales", "geo_sales", "opportunities", "experiments", "objectives",
)  # fmt: skip


def _day_expressions(connection: duckdb.DuckDBPyConnection, work: Work) -> list[str]:
    """SQL for the days a table's rows speak of, as printed; the first is the row's own day."""
    present = done_columns(connection, work)
    found = []
    for name in _DAYS_SPOKEN_OF:
        if f"p_{name}" in present:
            found.append(f"p_{name}")
        elif f"v_{name}" in present:
            found.append(f"cast(v_{name} as date)")
    return found


def spoken_period(connection: duckdb.DuckDBPyConnection, works: list[Work]) -> tuple[date | None, date | None]:
    """First and last day that the loaded rows speak of, as the file prints them."""
    firsts, lasts = [], []
    by_day = [work for work in works if "metric_date" in work.fields]
    for work in by_day or works:
        days = _day_expressions(connection, work)[:1]
        for table in work.table.match.layout.fills():
            days = [f"v_{name}" for name in _SPANS.get(table, ())] or days
        if work.table.match.layout.basis == "span" and "v_period_end" in done_columns(connection, work):
            days = [*days, "v_period_end"]
        for day in days:
            row = connection.execute(
                f"select min({day}), max({day}) from {work.name}_done where problem is null"
            ).fetchone()
            if row and row[0]:
                firsts.append(row[0])
                lasts.append(row[1])
    return (min(firsts), max(lasts)) if firsts else (None, None)


def exported_on(connection: duckdb.DuckDBPyConnection, works: list[Work], end: date | None) -> date | None:
    """The day of the export whose month and day a column says: the first such day that is not before the last day
    spoken of, in whatever zone that was. One that comes only eleven months later is rather a day before: it says
    nothing."""
    for work in works:
        place = work.columns.get(work.table.match.layout.exported_day or "")
        if place is None or end is None:
            continue
        text, first = f"c{place}", end - timedelta(days=1)
        said = connection.execute(
            f"select distinct {month_sql(text)}, {day_sql(text)} from {work.name} where {text} <> ''"
        ).fetchall()
        if len(said) == 1 and all(said[0]):
            with suppress(ValueError):  # no such day
                day = date(first.year, *said[0])
                day = day if day >= first else day.replace(year=first.year + 1)
                return day if day - first < timedelta(days=335) else None
    return None


def _is_shifted(row: Row, table: Table) -> bool:
    """Whether a row's cells may stand in other columns than the header says: what is personal may be anywhere."""
    return len(row.cells) != len(table.match.header.cells) or (row is table.sheet.rows[-1] and table.sheet.cut_short)


def _count_loaded(connection: duckdb.DuckDBPyConnection, work: Work) -> int:
    row = connection.execute(f"select count(*) filter (problem is null) from {work.name}_done").fetchone()
    return int(row[0]) if row else 0


def write_original(connection: duckdb.DuckDBPyConnection, work: Work, path: Path) -> None:
    """Write every row of a table as the file gave it: text, row number, and what became of the row."""
    import pyarrow as pa

    match = work.table.match
    is_whole = work.body and not (work.body.added or work.rows.ignored or work.rows.refused)
    if work.body and is_whole and _count_loaded(connection, work) == work.body.count:
        shutil.copyfile(work.body.original, path)
        return
    fate = [(row, "ignored", reason) for row, reason in work.rows.ignored]
    fate += [(row, "quarantined", reason) for row, reason in work.rows.refused]
    names = unique_names(match.header.cells, range(match.start, match.stop))
    aside = {
        "_row_number": pa.array([row.number for row, _, _ in fate], pa.int64()),
        "_outcome": pa.array([outcome for _, outcome, _ in fate], pa.string()),
        "_reason": pa.array([reason for _, _, reason in fate], pa.string()),
    }
    shown = [_shown(row, work.table) for row, _, _ in fate]
    for name, place in zip(names, range(match.start, match.stop), strict=True):
        aside[name] = pa.array([cells[place] if place < len(cells) else "" for cells in shown], pa.string())
    if match.stop == len(match.header.cells) and any(cells[match.stop :] for cells in shown):
        beyond = [json.dumps(cells[match.stop :], ensure_ascii=False) for cells in shown]
        aside["_beyond_the_header"] = pa.array(beyond, pa.string())
    connection.register("aside", pa.table(aside))
    slipped = ", ".join(map(str, shifted_rows(work.table, work.rows.data)))
    blank = f"case when problem is null or r not in ({slipped}) then c{{place}} else '' end" if slipped else "c{place}"
    kept = ", ".join(
        f"{blank.format(place=place)} as {quoted(name)}"
        for name, place in zip(names, range(match.start, match.stop), strict=True)
    )
    parts = [(work.name, "'ignored'", "null")]
    if match.layout.fills():
        parts = [
            (
                original_sql(connection, work),
                "case when problem is null then 'loaded' else 'quarantined' end",
                "problem",
            )
        ]
    if work.aside:
        parts.append((f"{work.name}_aside", "'ignored'", "problem"))
    selects = " union all by name ".join(
        f"select r as _row_number, {outcome} as _outcome, {reason} as _reason, {kept} from {part}"
        for part, outcome, reason in parts
    )
    selects += " union all by name select * from aside"
    if not work.rows.elsewhere:  # too many to sort
        selects = f"select * from ({selects}) order by _row_number"
    connection.execute(f"copy ({selects}) to {literal(str(path))} (format parquet)")
    connection.unregister("aside")


def quarantined(connection: duckdb.DuckDBPyConnection, work: Work) -> list[QuarantinedRow]:
    """The refused rows of a table, in the order of the file."""
    refused = [
        QuarantinedRow(work.table.name, row.number, reason, None, _excerpt(row, work.table))
        for row, reason in work.rows.refused
    ]
    rows = connection.execute(
        f"select r, problem, problem_column, problem_value from {work.name}_done where problem is not null"
    ).fetchall()
    slipped = set(shifted_rows(work.table, work.rows.data))
    refused += [
        QuarantinedRow(
            work.table.name, r, f"{column!r} {problem}", column, value[:80] if value and r not in slipped else None
        )
        for r, problem, column, value in rows
    ]
    return sorted(refused, key=lambda row: row.row_number)


def _shown(row: Row, table: Table) -> tuple[str, ...]:
    """The cells of a row that was set aside, without what is personal."""
    if personal_places(table) and _is_shifted(row, table):
        return ("",) * table.match.stop
    masks = personal_columns(table)
    return tuple(
        cell if (mask := masks.get(place)) is None else person(cell) if mask is person else ""
        for place, cell in enumerate(row.cells)
    )


def _excerpt(row: Row, table: Table) -> str:
    """The start of a row for a person to recognise it by, without what is personal."""
    personal = personal_places(table)
    if personal and _is_shifted(row, table):
        return ""
    return " | ".join(cell for place, cell in enumerate(_shown(row, table)) if place not in personal)[:80]


def totals(connection: duckdb.DuckDBPyConnection, work: Work) -> list[FileTotal]:
    """What was taken from a table, metric by metric, so that anyone can hold it against the export."""
    present = done_columns(connection, work)
    measured = []
    for name, spec in work.fields.items():
        if f"v_{name}" not in present or spec.type not in ("count", "amount"):
            continue
        metric = work.table.title.metric if name == "value" and work.table.title else spec.metric or name
        known = catalogue().get(metric)
        if known is None and not set(work.table.match.layout.fills()) & set(_MONEY_TABLES):
            continue
        if name not in work.columns and not spec.product and not spec.total_of:
            continue
        measured.append((name, metric, known.is_summable if known else True))
    if not measured:
        return []
    sums = [
        f"{function}(v_{name}) filter ({feeds(work, name) or 'true'})"
        for name, _, _ in measured
        for function in ("sum", "count")
    ]
    row = connection.execute(f"select {', '.join(sums)} from {work.name}_done where problem is null").fetchone()
    found: tuple[Any, ...] = row or (None, 0) * len(measured)
    return [
        FileTotal(
            work.table.name, metric, work.native_name(name), found[2 * at] if is_summable else None, found[2 * at + 1]
        )
        for at, (name, metric, is_summable) in enumerate(measured)
    ]
