"""Canonical rows out of converted tables: Parquet for the raw tables, the original text, totals and periods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.lake import FileTotal, QuarantinedRow
from pipelines.land.convert import Work
from pipelines.land.evidence import Evidence
from pipelines.land.fields import literal, text_sql
from pipelines.land.personal import personal_places, shifted_rows
from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.schema import RawTable, metrics, raw_tables
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb

_DAYS_SPOKEN_OF = ("metric_date", "published_date", "published_at", "ordered_at", "touched_at", "period_end")
_MONEY_TABLES = ("orders", "order_lines", "costs", "daily_sales")


def _day_expressions(connection: duckdb.DuckDBPyConnection, work: Work) -> list[str]:
    """SQL for the days a table's rows speak of, as printed; the first is the row's own day."""
    present = _columns(connection, f"{work.name}_done")
    found = []
    for name in _DAYS_SPOKEN_OF:
        if f"p_{name}" in present:
            found.append(f"p_{name}")
        elif f"v_{name}" in present:
            found.append(f"cast(v_{name} as date)")
    return found


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {row[0] for row in connection.execute(f"describe {table}").fetchall()}


def spoken_period(connection: duckdb.DuckDBPyConnection, works: list[Work]) -> tuple[date | None, date | None]:
    """First and last day that the loaded rows speak of, as the file prints them."""
    firsts, lasts = [], []
    by_day = [work for work in works if "metric_date" in work.fields]
    for work in by_day or works:
        days = _day_expressions(connection, work)[:1]
        if work.table.match.layout.grain == "cost":
            days = ["v_period_start", "v_period_end"]
        for day in days:
            row = connection.execute(
                f"select min({day}), max({day}) from {work.name}_done where problem is null"
            ).fetchone()
            if row and row[0]:
                firsts.append(row[0])
                lasts.append(row[1])
    return (min(firsts), max(lasts)) if firsts else (None, None)


def write_rows(
    connection: duckdb.DuckDBPyConnection,
    works: list[Work],
    folder: Path,
    *,
    sha256: str,
    evidence: Evidence,
    as_of: date | None,
) -> None:
    """Write the accepted rows of a file, one Parquet file for each raw table it fills."""
    by_table: dict[str, list[str]] = {}
    for work in works:
        for name, target in work.table.match.layout.fills().items():
            first = f" and first_{name}" if target.first_of else ""
            columns = _row_columns(connection, work, raw_tables()[name], sha256=sha256, evidence=evidence, as_of=as_of)
            by_table.setdefault(name, []).append(f"select {columns} from {work.name}_done where problem is null{first}")
    for name, selects in by_table.items():
        union = " union all ".join(selects)
        connection.execute(
            f"copy ({union} order by row_number) to {literal(f'{folder / name}.parquet')} (format parquet)"
        )


def _row_columns(
    connection: duckdb.DuckDBPyConnection,
    work: Work,
    table: RawTable,
    *,
    sha256: str,
    evidence: Evidence,
    as_of: date | None,
) -> str:
    present = _columns(connection, f"{work.name}_done")
    match, title = work.table.match, work.table.title
    start, end = evidence.period
    given: dict[str, str | None] = {
        "file_sha256": literal(sha256),
        "row_number": "r",
        "source": literal(match.spec.source),
        "layout": literal(match.layout.layout),
        "as_of": _literal(as_of),
        "basis": _literal(match.layout.basis),
        "currency": _literal(match.currency or evidence.answers.get("currency")),
        "network": _literal((title.network if title else None) or evidence.network_for(match.spec)),
        "account": _literal(evidence.known_account),
        "shop": _literal(evidence.known_account),
    }
    if match.layout.basis == "range":
        given |= {"period_start": _literal(start), "period_end": _literal(end)}
    if match.layout.collect_rest:
        given[match.layout.collect_rest] = _rest_sql(work)
    if "p_published_at" in present:
        given["published_date"] = "p_published_at"
    elif "v_published_at" in present:
        given["published_date"] = "cast(v_published_at as date)"
    if title and table.name == "account_metrics":
        given[title.metric] = "v_value"
    wanted = match.layout.fills()[table.name].fields
    selected = []
    for column in table.columns:
        own = f"v_{column.name}" if f"v_{column.name}" in present else None
        if own and wanted and column.name not in wanted:
            own = None
        other = given.get(column.name)
        sql = f"coalesce({own}, {other})" if own and other else own or other or "null"
        selected.append(f'cast({sql} as {column.sql_type}) as "{column.name}"')
    return ", ".join(selected)


def _literal(value: object) -> str | None:
    return None if value is None else literal(str(value))


def _rest_sql(work: Work) -> str | None:
    """The unlisted numeric columns of a row as one JSON object; NULL where there is none."""
    pairs = []
    for place in work.table.match.unknown:
        text = text_sql(f"c{place}", FieldSpec(type="amount"))
        pairs.append(f"{literal(work.table.match.header.cells[place].strip())}, try_cast({text} as double)")
    return f"cast(json_object({', '.join(pairs)}) as varchar)" if pairs else None


_OWN_NAMES = ("_row_number", "_outcome", "_reason", "_beyond_the_header")


def _unique_names(header: Sequence[str], places: range) -> list[str]:
    """Column names that are there, all different in whatever case, and none of our own."""
    taken = set(_OWN_NAMES)
    names = []
    for place in places:
        name = header[place].strip() or f"column {place + 1}"
        while name.casefold() in taken:
            name = f"{name} ({place + 1})"
        taken.add(name.casefold())
        names.append(name)
    return names


def _is_shifted(row: Row, table: Table) -> bool:
    """Whether a row's cells may stand in other columns than the header says: what is personal may be anywhere."""
    return len(row.cells) != len(table.match.header.cells) or (row is table.sheet.rows[-1] and table.sheet.cut_short)


def write_original(connection: duckdb.DuckDBPyConnection, work: Work, path: Path) -> None:
    """Write every row of a table as the file gave it: text, row number, and what became of the row."""
    import pyarrow as pa

    match = work.table.match
    fate = [(row, "ignored", reason) for row, reason in work.rows.ignored]
    fate += [(row, "quarantined", reason) for row, reason in work.rows.refused]
    names = _unique_names(match.header.cells, range(match.start, match.stop))
    aside = {
        "_row_number": pa.array([row.number for row, _, _ in fate], pa.int64()),
        "_outcome": pa.array([outcome for _, outcome, _ in fate], pa.string()),
        "_reason": pa.array([reason for _, _, reason in fate], pa.string()),
    }
    personal = personal_places(work.table)
    shown = [("",) * match.stop if _is_shifted(row, work.table) and personal else row.cells for row, _, _ in fate]
    for name, place in zip(names, range(match.start, match.stop), strict=True):
        cells = [cells[place] if place < len(cells) and place not in personal else "" for cells in shown]
        aside[name] = pa.array(cells, pa.string())
    if match.stop == len(match.header.cells) and any(cells[match.stop :] for cells in shown):
        beyond = [json.dumps(cells[match.stop :], ensure_ascii=False) for cells in shown]
        aside["_beyond_the_header"] = pa.array(beyond, pa.string())
    connection.register("aside", pa.table(aside))
    slipped = ", ".join(map(str, shifted_rows(work.table, work.rows.data)))
    blank = f"case when problem is null or r not in ({slipped}) then c{{place}} else '' end" if slipped else "c{place}"
    kept = ", ".join(
        f'{blank.format(place=place)} as "{name.replace(chr(34), chr(34) * 2)}"'
        for name, place in zip(names, range(match.start, match.stop), strict=True)
    )
    done = f"{work.name}_done"
    source, outcome, reason = work.name, "'ignored'", "null"
    if match.layout.fills():
        source, outcome, reason = (
            done,
            "case when problem is null then 'loaded' else 'quarantined' end",
            "problem",
        )
    connection.execute(
        f"""copy (
            select * from (select r as _row_number, {outcome} as _outcome, {reason} as _reason, {kept} from {source}
            union all by name select * from aside) order by _row_number
        ) to {literal(str(path))} (format parquet)"""
    )
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


def _excerpt(row: Row, table: Table) -> str:
    """The start of a row for a person to recognise it by, without what is personal."""
    personal = personal_places(table)
    if personal and _is_shifted(row, table):
        return ""
    return " | ".join(cell for place, cell in enumerate(row.cells) if place not in personal)[:80]


def totals(connection: duckdb.DuckDBPyConnection, work: Work) -> list[FileTotal]:
    """What was taken from a table, metric by metric, so that anyone can hold it against the export."""
    found = []
    present = _columns(connection, f"{work.name}_done")
    for name, spec in work.fields.items():
        if f"v_{name}" not in present or spec.type not in ("count", "amount"):
            continue
        metric = work.table.title.metric if name == "value" and work.table.title else spec.metric or name
        known = metrics().get(metric)
        if known is None and not set(work.table.match.layout.fills()) & set(_MONEY_TABLES):
            continue
        if name not in work.columns and not spec.product:
            continue
        first = next((f" and first_{table}" for table, target in work.table.match.layout.fills().items()
                      if target.first_of and name in target.fields), "")  # fmt: skip
        row = connection.execute(
            f"select sum(v_{name}), count(v_{name}) from {work.name}_done where problem is null{first}"
        ).fetchone()
        total, count = row or (None, 0)
        summable = known.is_summable if known else True
        found.append(FileTotal(work.table.name, metric, work.native_name(name), total if summable else None, count))
    return found
