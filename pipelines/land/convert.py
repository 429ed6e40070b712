"""From recognised tables to canonical rows: settle what the whole file decides, convert, refuse row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipelines.land.dates import day_sql, month_sql
from pipelines.land.fields import (
    KIND_NAMES,
    NUMERIC,
    Settled,
    bare_columns_sql,
    literal,
    number_columns_sql,
    printed_day_sql,
    text_sql,
    value_sql,
)
from pipelines.land.personal import personal_columns
from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.structure import Sorted, sort_rows
from pipelines.spec import FieldSpec, Target

if TYPE_CHECKING:
    import duckdb


@dataclass
class Work:
    """One table on its way: ``name`` is its text table in the parsing engine (``r`` and ``c0``, ``c1``, ...), ``given``
    are the fields that its owner has answered for all rows."""

    table: Table
    rows: Sorted
    name: str
    columns: dict[str, int] = field(default_factory=dict)
    day_of: dict[str, dict[int, date]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    @property
    def fields(self) -> dict[str, FieldSpec]:
        return self.table.match.layout.fields

    def native_name(self, field_name: str) -> str:
        """The column's own name in the file."""
        if field_name == "value" and self.table.title_text:
            return self.table.title_text
        place = self.columns.get(field_name)
        return field_name if place is None else self.table.match.header.cells[place]


def load_text(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[Work]:
    """Put the data rows of each table into the engine as text, personal identifiers already replaced."""
    import pyarrow as pa
    from pyarrow.compute import utf8_trim_whitespace

    works = []
    for index, table in enumerate(tables):
        work = Work(table, sort_rows(table), f"text{index}")
        hashed = personal_columns(table)
        columns: dict[str, Any] = {"r": pa.array([row.number for row in work.rows.data], pa.int64())}
        places = range(table.match.start, table.match.stop)
        for place, cells in zip(places, _columns_of(work.rows.data, places), strict=True):
            mask = hashed.get(place)
            kept = [mask(cell.strip()) if cell.strip() else "" for cell in cells] if mask else cells
            columns[f"c{place}"] = utf8_trim_whitespace(pa.array(kept, pa.string()))
        connection.register("incoming", pa.table(columns))
        connection.execute(f"create table {work.name} as select * from incoming")
        connection.unregister("incoming")
        works.append(work)
    return works


def _columns_of(rows: Sequence[Row], places: range) -> Iterator[Sequence[str]]:
    """The cells of rows by column; a row that ends early has empty ones."""
    if not rows:
        return iter([()] * len(places))
    padding = ("",) * places.stop
    cut = (row.cells if len(row.cells) >= places.stop else (*row.cells, *padding) for row in rows)
    return islice(zip(*(cells[: places.stop] for cells in cut), strict=True), places.start, None)


def convert(connection: duckdb.DuckDBPyConnection, work: Work, settled: Settled) -> None:
    """Create ``<name>_done``: per row its number, each field's value ``v_<field>``, and the first problem."""
    own = {name: spec for name, spec in work.fields.items() if name in work.columns}
    texts = [f"{text_sql(f'c{work.columns[name]}', spec)} as t_{name}" for name, spec in own.items()]
    connection.execute(
        f"create table {work.name}_own as select * {''.join(', ' + text for text in texts)} from {work.name}"
    )
    _add_extracts(connection, work, own)
    _drop_rounded_ids(connection, work, own)
    checks = {spec.printed_day for spec in work.fields.values()}
    months = [
        f"{month_sql(f't_{n}', slashed=n in checks)} as m_{n}, {day_sql(f't_{n}', slashed=n in checks)} as d_{n}"
        for n, spec in own.items()
        if spec.type == "yearless_date"
    ]
    present = [(name, spec) for name, spec in work.fields.items() if _has_value(name, spec, own)]
    values = [f"{_value(work, name, spec, settled)} as v_{name}" for name, spec in present]
    values += [f"{printed_day_sql(n, settled)} as p_{n}" for n, spec in present if spec.type == "timestamp"]
    numeric = [name for name, spec in own.items() if spec.type in NUMERIC]
    _register_days(connection, work)
    connection.execute(
        f"""create table {work.name}_values as
        with bare as (select *{bare_columns_sql(numeric)} from {work.name}_text),
        numbered as (select *{number_columns_sql(numeric, settled)} from bare),
        dated as (select * {"".join(", " + month for month in months)} from numbered)
        select * {"".join(", " + value for value in values)} from dated"""
    )
    _finish(connection, work, own)


def _has_value(name: str, spec: FieldSpec, own: dict[str, FieldSpec]) -> bool:
    return (name in own or spec.extract is not None) and spec.type != "occurrence"


def _add_extracts(connection: duckdb.DuckDBPyConnection, work: Work, own: dict[str, FieldSpec]) -> None:
    extracts = []
    for name, spec in work.fields.items():
        if spec.extract is None:
            continue
        if spec.extract.column in own:
            inner = f"nullif(regexp_extract(t_{spec.extract.column}, {literal(spec.extract.pattern)}, 1), '')"
        else:
            inner = "cast(null as varchar)"
        extracts.append((name, f"coalesce({inner}, t_{name})" if name in own else inner))
    replaced = ", ".join(f"{sql} as t_{name}" for name, sql in extracts if name in own)
    added = "".join(f", {sql} as t_{name}" for name, sql in extracts if name not in own)
    star = f"* replace ({replaced})" if replaced else "*"
    connection.execute(f"create table {work.name}_text as select {star}{added} from {work.name}_own")


def _drop_rounded_ids(connection: duckdb.DuckDBPyConnection, work: Work, own: dict[str, FieldSpec]) -> None:
    """Take back the ids of a column whose long ones all end in zeros after 15 digits: a spreadsheet rounded them."""
    for name, spec in ((name, spec) for name, spec in own.items() if spec.type == "id"):
        link = f" and t_{spec.extract.column} is null" if spec.extract and spec.extract.column in own else ""
        rounded = f"regexp_full_match(t_{name}, '\\d{{15}}0{{2,}}'){link}"
        row = connection.execute(
            f"select count(*) filter ({rounded}), count(*) filter (regexp_full_match(t_{name}, '\\d{{17,}}')) "
            f"from {work.name}_text"
        ).fetchone()
        if row and row[0] >= 3 and row[0] == row[1]:
            connection.execute(f"update {work.name}_text set t_{name} = t_{name} || 'e+0' where {rounded}")


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
    columns = {
        "name": pa.array([d[0] for d in days], pa.string()),
        "row_number": pa.array([d[1] for d in days], pa.int64()),
        "day": pa.array([d[2] for d in days], pa.date32()),
    }
    connection.register("incoming", pa.table(columns))
    connection.execute(f"create table {work.name}_days as select * from incoming")
    connection.unregister("incoming")


def _finish(connection: duckdb.DuckDBPyConnection, work: Work, own: dict[str, FieldSpec]) -> None:
    """Add what is made from other values (constants, fall-backs, products, occurrences) and the problems."""
    have = {name for name, spec in work.fields.items() if _has_value(name, spec, own)}
    made: list[str] = []
    replaced: list[str] = []
    for name, spec in work.fields.items():
        sql = f"v_{name}" if name in have else "null"
        if name in work.table.match.layout.carry_down and name in have:
            key = next(t.first_of for t in work.table.match.layout.fills().values() if t.first_of)
            within = f"(partition by v_{key} order by r rows between"
            above = f"last_value({sql} ignore nulls) over {within} unbounded preceding and current row)"
            below = f"first_value({sql} ignore nulls) over {within} current row and unbounded following)"
            sql = f"coalesce({above}, {below})"
        if spec.fallback and spec.fallback in have:
            sql = f"coalesce({sql}, v_{spec.fallback})"
        if spec.product and all(part in have for part in spec.product):
            factors = " * ".join(f"cast(v_{part} as decimal(18,4))" for part in spec.product)
            sql = f"try(cast({factors} as decimal(18,6)))"
        if spec.type == "occurrence":
            among = ", ".join(f"v_{other}" for other in spec.among if other in have)
            sql = f"row_number() over ({f'partition by {among}' if among else ''} order by r)"
        if spec.type == "content_id":
            sql = f"coalesce({sql}, {_content_id(name, have)})"
        if spec.const is not None or spec.default is not None:
            fixed = literal(str(spec.const if spec.const is not None else spec.default))
            sql = f"coalesce({sql}, {fixed})"
        if name in have and sql != f"v_{name}":
            replaced.append(f"{sql} as v_{name}")
        elif name not in have and sql != "null":
            made.append(f"{sql} as v_{name}")
    star = f"* replace ({', '.join(replaced)})" if replaced else "*"
    connection.execute(
        f"create table {work.name}_made as select {star}{''.join(', ' + sql for sql in made)} from {work.name}_values"
    )
    _add_problems(connection, work, have)


def _content_id(name: str, have: set[str]) -> str:
    """An id made of what a row says, so that overlapping exports agree on it whatever their columns and their order;
    rows of one file that say the same are told apart by counting them."""
    said = ", ".join(f"'{other}=' || cast(v_{other} as varchar)" for other in sorted(have - {name}))
    digest = f"md5(concat_ws(chr(31), {said}))"
    return f"{digest} || '-' || row_number() over (partition by {digest} order by r)"


def _first_of(work: Work, target: Target, have: set[str]) -> str | None:
    """Whether a row is the one that speaks for its key: the first that has what is needed of one, for a file may have
    been sorted since. Rows of one key that carry different ids speak of different things."""
    if not target.first_of:
        return None
    carried = [name for name in work.table.match.layout.carry_down if work.fields[name].type == "id" and name in have]
    needed = [name for name, spec in work.fields.items() if spec.needed and name in have and name in target.fields]
    lacking = "".join(f"v_{name} is null, " for name in needed if name not in (target.first_of, *carried))
    keys = ", ".join(f"v_{name}" for name in (target.first_of, *carried))
    return f"row_number() over (partition by {keys} order by {lacking}r) = 1"


def _add_problems(connection: duckdb.DuckDBPyConnection, work: Work, have: set[str]) -> None:
    firsts = [(name, _first_of(work, target, have)) for name, target in work.table.match.layout.fills().items()]
    flags = "".join(f", {sql} as first_{name}" for name, sql in firsts if sql)
    whens = []
    for name, spec in work.fields.items():
        if name in have and spec.pattern and spec.type == "text":
            whens.append((f"t_{name} is not null and v_{name} is null", name, f"is none of {spec.pattern}"))
        if name in have and spec.zone == "required":
            no_zone = "has no UTC offset: write it (Z or +01:00), or name its zone in roi.yml (answers: time_zone)"
            whens.append((f"p_{name} is not null and v_{name} is null", name, no_zone))
        if name in have and spec.type in (*KIND_NAMES, "id"):
            kind = KIND_NAMES.get(spec.type, "a whole id: a spreadsheet has mangled it, export it again")
            if spec.type == "id" and spec.pattern:
                kind = "such an id: export it again if a spreadsheet has mangled it"
            whens.append((f"t_{name} is not null and v_{name} is null", name, f"is not {kind}"))
    for name, spec in work.fields.items():
        if spec.needed and name not in work.given:
            first = next((f"first_{t}" for t, target in work.table.match.layout.fills().items()
                          if target.first_of and name in target.fields), None)  # fmt: skip
            guard = f"{first} and " if first else ""
            missing = f"v_{name} is null" if name in have or spec.const or spec.default or spec.fallback else "true"
            whens.append((f"{guard}{missing}", name, "is missing"))
    reason = " ".join(f"when {test} then {literal(text)}" for test, _, text in whens)
    column = " ".join(f"when {test} then {literal(work.native_name(name))}" for test, name, _ in whens)
    value = " ".join(f"when {test} then {f't_{name}' if name in have else 'null'}" for test, name, _ in whens)
    problem = f"case {reason} end as problem, case {column} end as problem_column, case {value} end as problem_value"
    if not whens:
        none = "cast(null as varchar) as"
        problem = f"{none} problem, {none} problem_column, {none} problem_value"
    connection.execute(
        f"""create table {work.name}_done as
        with flagged as (select *{flags} from {work.name}_made) select *, {problem} from flagged"""
    )


def unlisted_columns(work: Work) -> tuple[str, ...]:
    """The native names of columns that the specification does not know."""
    return tuple(work.table.match.header.cells[place] for place in work.table.match.unknown)
