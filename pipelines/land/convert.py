"""From recognised tables to canonical rows: settle what the whole file decides, convert, refuse row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.land.dates import day_sql, month_sql
from pipelines.land.fields import (
    NUMERIC,
    Settled,
    bare_columns_sql,
    bare_text_sql,
    day_columns_sql,
    extract_sql,
    number_columns_sql,
    text_sql,
    value_sql,
)
from pipelines.land.made import add_made
from pipelines.land.rowtests import set_aside
from pipelines.land.work import Work, has_value, id_like
from pipelines.schema import MONEY, literal
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb


def convert(connection: duckdb.DuckDBPyConnection, work: Work, settled: Settled) -> None:
    """Create ``<name>_done``, or of a large table the view ``<name>_judged``: per row its number, each field's value
    ``v_<field>``, the first problem, and for each raw table that takes only some rows whether this is one,
    ``for_<table>``."""
    set_aside(connection, work)
    own = {name: spec for name, spec in work.fields.items() if name in work.columns}
    step, plain = "view" if work.rows.elsewhere else "table", plain_columns(connection, work, settled)
    nothing = dict.fromkeys(work.unmeasured, "cast(null as varchar)")
    nothing |= {name: f"nullif(c{work.columns[name]}, '')" for name in plain}
    said = {name: nothing.get(name) or bare_text_sql(f"c{work.columns[name]}", name, work.fields) for name in own}
    texts = [f"{sql} as t_{name}" for name, sql in said.items()]
    connection.execute(
        f"create view {work.name}_own as select * {''.join(', ' + text for text in texts)} from {work.name}"
    )
    _add_extracts(connection, work, own)
    _drop_rounded_ids(connection, work, own)
    checks = {spec.printed_day for spec in work.fields.values()}
    months = [
        f"{month_sql(f't_{n}', slashed=n in checks)} as m_{n}, {day_sql(f't_{n}', slashed=n in checks)} as d_{n}"
        for n, spec in own.items()
        if spec.type == "yearless_date"
    ]
    whole = {name for name in plain if own[name].type == "count" and work.columns[name] in work.whole}
    present = [(name, spec) for name, spec in work.fields.items() if has_value(name, spec, own)]
    values = [f"{f'n_{n}' if n in whole else _value(work, n, spec, settled)} as v_{n}" for n, spec in present]
    values += [f"day_{n} as p_{n}" for n, spec in present if spec.type == "timestamp"]
    days = {name: spec for name, spec in present if spec.type in ("date", "timestamp")}
    numeric = [name for name, spec in own.items() if spec.type in NUMERIC and name not in plain]
    exact = "".join(f", try_cast(t_{n} as {'bigint' if n in whole else MONEY}) as n_{n}" for n in plain)
    _register_days(connection, work)
    connection.execute(
        f"""create {step} {work.name}_values as
        with bare as (select *{bare_columns_sql(numeric)} from {work.name}_text),
        numbered as (select *{number_columns_sql(numeric, settled)}{exact} from bare),
        named as (select *{"".join(", " + month for month in months)} from numbered),
        dated as ({day_columns_sql(days, settled, "select * from named")})
        select {_without_steps(days)} {"".join(", " + value for value in values)} from dated"""
    )
    add_made(connection, work, own)


def plain_columns(connection: duckdb.DuckDBPyConnection, work: Work, settled: Settled) -> list[str]:
    """The fields whose every cell is digits with at most one point: they need no closer look."""
    taken = {spec.extract.column for spec in work.fields.values() if spec.extract}
    taken |= work.unmeasured
    numeric = [n for n in work.columns if n in work.fields and work.fields[n].type in NUMERIC and n not in taken]
    known = [name for name in numeric if settled.mark == "." and work.columns[name] in work.digits]
    if work.body is None or known == numeric:
        return known
    marks = "('', '.')" if settled.mark == "." else "('')"
    tests = [
        f"bool_and(translate({c}, '0123456789', '') in {marks} and {c} <> '.')"
        for c in (f"c{work.columns[name]}" for name in numeric)
    ]
    found = connection.execute(f"select {', '.join(tests)} from {work.name}").fetchone() or ()
    return [name for name, is_plain in zip(numeric, found, strict=True) if is_plain]


def _without_steps(days: dict[str, FieldSpec]) -> str:
    """All columns but those that only led to a day or a time."""
    steps = [f"{step}_{name}" for name in days for step in ("part", "day")]
    steps += [
        f"{step}_{name}"
        for name, spec in days.items()
        if spec.type == "timestamp"
        for step in ("whole", "zone", "offset", "clock")
    ]
    return f"* exclude ({', '.join(steps)})" if steps else "*"


def _add_extracts(connection: duckdb.DuckDBPyConnection, work: Work, own: dict[str, FieldSpec]) -> None:
    extracts = []
    for name, spec in work.fields.items():
        if spec.extract is None:
            continue
        if spec.extract.column in own:
            source = text_sql(f"c{work.columns[spec.extract.column]}", own[spec.extract.column])
            inner = extract_sql(source, spec.extract.pattern)
        else:
            inner = "cast(null as varchar)"
        extracts.append((name, f"coalesce({inner}, t_{name})" if name in own else inner))
    replaced = ", ".join(f"{sql} as t_{name}" for name, sql in extracts if name in own)
    added = "".join(f", {sql} as t_{name}" for name, sql in extracts if name not in own)
    star = f"* replace ({replaced})" if replaced else "*"
    step = "view" if work.rows.elsewhere else "table"
    connection.execute(f"create {step} {work.name}_text as select {star}{added} from {work.name}_own")


def _drop_rounded_ids(connection: duckdb.DuckDBPyConnection, work: Work, own: dict[str, FieldSpec]) -> None:
    """Take back the ids of a column whose long ones all end in zeros after 15 digits: a spreadsheet rounded them."""
    for name, spec in ((name, own[name]) for name in id_like(work) if name in own):
        link = f" and t_{spec.extract.column} is null" if spec.extract and spec.extract.column in own else ""
        rounded = f"ends_with(t_{name}, '00') and regexp_full_match(t_{name}, '\\d{{15}}0{{2,}}'){link}"
        count = _count(connection, work, rounded)
        if count >= 3 and count == _count(connection, work, f"regexp_full_match(t_{name}, '\\d{{17,}}')"):
            if work.rows.elsewhere:
                connection.execute(f"create table {work.name}_kept as select * from {work.name}_text")
                connection.execute(f"create or replace view {work.name}_text as select * from {work.name}_kept")
            kept = f"{work.name}_{'kept' if work.rows.elsewhere else 'text'}"
            connection.execute(f"update {kept} set t_{name} = t_{name} || 'e+0' where {rounded}")


def _count(connection: duckdb.DuckDBPyConnection, work: Work, test: str) -> int:
    row = connection.execute(f"select count(*) from {work.name}_text where {test}").fetchone()
    return int(row[0]) if row else 0


def _value(work: Work, name: str, spec: FieldSpec, settled: Settled) -> str:
    if spec.type == "yearless_date":
        if name not in work.day_of:
            return f"case when m_{name} between 1 and 12 and d_{name} between 1 and 31 then t_{name} end"
        return f"(select day from {work.name}_days where name = {literal(name)} and row_number = r)"
    if spec.type == "content_id":
        return f"t_{name}"
    return value_sql(name, spec, settled)


def _register_days(connection: duckdb.DuckDBPyConnection, work: Work) -> None:
    import pyarrow as pa

    days = [(name, r, day) for name, by_row in work.day_of.items() for r, day in by_row.items()]
    if not days:
        connection.execute(f"create table {work.name}_days (name varchar, row_number bigint, day date)")
        return
    columns = {
        "name": pa.array([d[0] for d in days], pa.string()),
        "row_number": pa.array([d[1] for d in days], pa.int64()),
        "day": pa.array([d[2] for d in days], pa.date32()),
    }
    connection.register("incoming", pa.table(columns))
    connection.execute(f"create table {work.name}_days as select * from incoming")
    connection.unregister("incoming")
