"""Canonical rows out of converted tables: a Parquet file for each raw table that a file fills."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.land.body import write_parquet
from pipelines.land.evidence import Evidence
from pipelines.land.fields import action_id_sql, text_sql
from pipelines.land.kin import keys_of_sums
from pipelines.land.work import Work
from pipelines.schema import RawTable, catalogue, literal, raw_tables
from pipelines.spec import FieldSpec, LayoutSpec

if TYPE_CHECKING:
    import duckdb

_KEPT_SMALL = "format parquet, compression zstd, compression_level 1"
"""How what stays in the lake is packed: as quickly as with less, at half the size."""
_ASKED = ("account", "network", "currency")
_TOLD_APART = ("id", "url", "text", "person", "content_id")
"""Types of which the books of a reading ask nothing, so that their values need not be had back."""


def done_columns(connection: duckdb.DuckDBPyConnection, work: Work) -> frozenset[str]:
    """The columns of a converted table, asked for once."""
    if not work.done:
        work.done = frozenset(_types(connection, f"{work.name}_done"))
    return work.done


def _types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe {table}").fetchall()}


def write_rows(connection: duckdb.DuckDBPyConnection, works: list[Work], folder: Path, *, evidence: Evidence) -> None:
    """Write the accepted rows of a file, one Parquet file for each raw table it fills."""
    by_table: dict[str, list[str]] = {}
    for work in works:
        for name, target in work.table.match.layout.fills().items():
            if work.rows_file:
                shutil.copyfile(work.rows_file, folder / f"{name}.parquet")
                continue
            chosen = f" and for_{name}" if target.is_selective else ""
            columns = row_columns(connection, work, raw_tables()[name], evidence)
            select = f"select {_named(columns, raw_tables()[name])} from {work.name}_done where problem is null{chosen}"
            if work.table.match.layout.summed_by:
                select = _summed_sql(select, raw_tables()[name], work.table.match.layout, columns)
            by_table.setdefault(name, []).append(select)
    for name, selects in by_table.items():
        rows = " union all by name ".join(selects)
        if not all(map(_is_in_order, works)):
            rows += " order by row_number"
        connection.execute(f"copy ({rows}) to {literal(f'{folder / name}.parquet')} ({_KEPT_SMALL})")


def _named(columns: Mapping[str, str], table: RawTable) -> str:
    """SQL of columns under their names, in their types."""
    return ", ".join(f'cast({sql} as {table.sql_type(name)}) as "{name}"' for name, sql in columns.items())


def keep_judged(connection: duckdb.DuckDBPyConnection, work: Work, evidence: Evidence, *, known: Iterable[str]) -> None:
    """Give the rows of the view ``<name>_judged``, of a large table, a file, and create ``<name>_done`` of it.

    Where they are the canonical rows of one raw table, these are written at once, and what the books of the reading ask
    for is had back from them. ``known`` are the fields that need no asking, for the file says them once.
    """
    if work.body is None:
        return
    judged = f"{work.name}_judged"
    types = _types(connection, judged)
    work.done = frozenset(types)
    (name,) = [*work.table.match.layout.fills()][:1]
    table = raw_tables()[name]
    columns = row_columns(connection, work, table, evidence)
    back = _had_back(work, types, columns, table, {*known}) if _is_in_order(work) else None
    if back is None:
        file = work.body.original.with_name(f"{work.name}_done.parquet")
        write_parquet(connection, f"select * from {judged}", file)
        connection.execute(f"create view {work.name}_done as select * from read_parquet({literal(str(file))})")
        return
    work.rows_file = work.body.original.with_name(f"{name}.parquet")
    # pushed down, the test would have every value worked out twice
    connection.execute("set disabled_optimizers = 'filter_pushdown'")
    connection.execute(
        f"copy (select {_named(columns, table)} from {judged} where problem is null) "
        f"to {literal(str(work.rows_file))} ({_KEPT_SMALL})"
    )
    source = f"read_parquet({literal(str(work.rows_file))})"
    (written,) = connection.execute(f"select count(*) from {source}").fetchone() or (0,)
    none = ", ".join(f"cast(null as varchar) as problem{part}" for part in ("", "_column", "_value"))
    done = f"select row_number as r, {', '.join([*back, none])} from {source}"
    if written != work.rows.elsewhere:
        connection.execute(f"create table {work.name}_wrong as select * from {judged} where problem is not null")
        done += f" union all by name select * from {work.name}_wrong"
    connection.execute("reset disabled_optimizers")
    connection.execute(f"create view {work.name}_done as {done}")


def _had_back(
    work: Work, types: Mapping[str, str], columns: Mapping[str, str], table: RawTable, known: set[str]
) -> list[str] | None:
    """SQL for the values that the books ask for, from canonical rows; None where these do not hold them all. What only
    tells rows apart is had back as its raw table has it."""
    layout = work.table.match.layout
    if (
        len(layout.fills()) != 1
        or layout.collect_rest
        or any(target.is_selective for target in layout.fills().values())
    ):
        return None
    holders = {sql: name for name, sql in columns.items() if table.sql_type(name) == types.get(sql)}
    asked = [column for column in types if column.startswith(("v_", "p_"))]
    told_apart = {name for name, spec in work.fields.items() if spec.type in _TOLD_APART} - {*_ASKED}
    needed = [column for column in asked if column[2:] not in known | told_apart]
    if not all(column in holders for column in needed):
        return None
    named = {f"v_{name}": name for name in columns} | holders
    return [f'"{named[column]}" as {column}' for column in asked if column in named]


def _summed_sql(select: str, table: RawTable, layout: LayoutSpec, present: Collection[str]) -> str:
    """SQL that adds up the rows of a file that speak of one action (or account) and one day or range. People and levels
    of several rows cannot be added and are not reported; what describes the action is that of the first row."""
    keys = [name for name in keys_of_sums(layout, table) if name in present]
    columns = []
    for column in (column for column in table.columns if column.name in present):
        name, metric = f'"{column.name}"', catalogue().get(column.name)
        if metric and metric.is_summable:
            name = f"cast(sum({name}) as {column.sql_type}) as {name}"
        elif metric:
            name = f"case when count(*) = 1 then min({name}) end as {name}"
        elif column.name not in keys:
            name = f"min_by({name}, row_number) as {name}"
        columns.append(name)
    return f"select {', '.join(columns)} from ({select}) as parts group by {', '.join(keys)}"


def _span_columns(work: Work, present: frozenset[str], evidence: Evidence) -> dict[str, str]:
    """Basis and days of a row that says its first and its last day; the file's own period where rows say none, or its
    end where they say only when they begin."""
    start, end = (f"cast({_literal(day) or 'null'} as date)" for day in evidence.period)
    first, last = ("v_metric_date", "v_metric_date") if "v_metric_date" in present else (start, end)
    if "period_end" in work.given and "rows_are" not in evidence.answers:
        last = end
    if "v_period_end" in present:
        last = f"coalesce(v_period_end, {last})"
    is_day = f"{last} <= {first}"
    return {
        "basis": f"case when {is_day} then 'day' else 'range' end",
        "metric_date": f"case when {is_day} then {first} end",
        "period_start": f"case when {is_day} then null else {first} end",
        "period_end": f"case when {is_day} then null else {last} end",
    }


def _is_in_order(work: Work) -> bool:
    """Whether the rows of a large table stand as in the file: nothing was counted or looked up among them."""
    layout = work.table.match.layout
    moves = layout.summed_by or layout.carry_down or any(target.first_of for target in layout.fills().values())
    counted = any(spec.type in ("occurrence", "content_id") for spec in layout.fields.values())
    is_whole = work.body is not None and not work.body.added
    return is_whole and bool(work.rows.elsewhere) and not moves and not counted


def row_columns(
    connection: duckdb.DuckDBPyConnection,
    work: Work,
    table: RawTable,
    evidence: Evidence,
) -> dict[str, str]:
    """SQL for the columns of a raw table about which a table says something, but for those that are of the whole file:
    these stand in its receipt."""
    present = done_columns(connection, work)
    match, title = work.table.match, work.table.title
    start, end = evidence.period_of(work.table)
    given: dict[str, str | None] = {
        "row_number": "r",
        "source": literal(match.spec.source),
        "layout": literal(match.layout.layout),
        "basis": _literal(match.layout.basis),
        "currency": _literal(match.currency or evidence.answers.get("currency")),
        "network": _literal((title.network if title else None) or match.network or evidence.network_for(match.spec)),
        "account": _literal(match.account or evidence.known_account),
        "shop": _literal(evidence.known_account),
        "property": _literal(evidence.known_account),
    }
    if table.name == "touchpoints" and match.spec.kind == "network":
        given["seller_id"] = _literal(evidence.known_account)
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
    if fixed := _fixed_network(work):
        given["network"], present = literal(fixed), present - {"v_network"}
    wanted = match.layout.fills()[table.name].fields
    spanned = _span_columns(work, present, evidence) if match.layout.basis == "span" else {}
    found: dict[str, str] = {}
    for column in table.columns:
        own = f"v_{column.name}" if f"v_{column.name}" in present else None
        if own and wanted and column.name not in wanted:
            own = None
        other = given.get(column.name)
        stated = f"coalesce({own}, {other})" if own and other else own or other or "null"
        found[column.name] = spanned.get(column.name, stated)
    if found.get("action_id", "null") != "null" and found["network"] != "null":
        found["action_id"] = action_id_sql(found["network"], found["action_id"], found.get("permalink", "null"))
    said = [column for column in table.columns if found[column.name] != "null"]
    return {column.name: found[column.name] for column in said}


def _fixed_network(work: Work) -> str | None:
    """The one network that every row of a table is of because its layout is."""
    spec = work.fields.get("network")
    return spec.const if spec and not spec.extract and "network" not in work.columns else None


def _literal(value: object) -> str | None:
    return None if value is None else literal(str(value))


def _rest_sql(work: Work) -> str | None:
    """The unlisted numeric columns of a row as one JSON object; NULL where there is none."""
    pairs = []
    for place in work.table.match.unknown:
        text = text_sql(f"c{place}", FieldSpec(type="amount"))
        number = f"case lower({text}) when 'true' then 1 when 'false' then 0 else try_cast({text} as double) end"
        pairs.append(f"{literal(work.table.match.header.cells[place].strip())}, {number}")
    return f"cast(json_object({', '.join(pairs)}) as varchar)" if pairs else None
