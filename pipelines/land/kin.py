"""Rows of one table that speak of one thing: alone each may be right, and together they give a wrong number.

Where the later row of one key is believed and the other forgotten, two that disagree are refused: what tells them apart
is missing. Where rows are parts of a sum, a part that was refused takes the others with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.land.body import write_parquet
from pipelines.land.readers import Row
from pipelines.schema import RawTable, catalogue, literal, raw_tables
from pipelines.spec import LayoutSpec

if TYPE_CHECKING:
    import duckdb

    from pipelines.land.work import Work

_SAME_DAYS = ("network", "account", "basis", "metric_date", "period_start", "period_end", "currency")
"""What the rows of a sum agree in, beside what the layout names."""
_BELIEVED = ("action_metrics", "account_metrics", "web_metrics", "daily_sales", "geo_sales", "fx_rates")
"""The raw tables in which the later of two rows of one key is believed."""
_AMOUNTS = ("revenue", "rate")
"""What rows of these say beside metrics."""
_STANDS_IN = ("stage", "amount", "close_date", "created_at")
"""What an opportunity's row says of the day of its report, on which it stands in one stage."""
_ALIKE = (
    "shares its key with rows of the file that say something else or cannot be read: what tells them apart is missing"
)
_PART = "is one part of a sum of which another was refused: export it again, or mend that row"


def hold_back_kin(connection: duckdb.DuckDBPyConnection, work: Work) -> None:
    """Refuse, in ``<name>_done``, the rows that would give a wrong number beside others of their table."""
    layout = work.table.match.layout
    is_state = "basis" in layout.fields and layout.fields["basis"].const == "state"
    table = next((name for name in layout.fills() if name in _BELIEVED or (is_state and name == "opportunities")), None)
    if table is None:
        return
    columns = connection.execute(f"describe {work.name}_done").fetchall()
    have = {column[0].removeprefix("v_") for column in columns if column[0].startswith("v_")}
    if layout.summed_by:
        keys = [name for name in keys_of_sums(layout, raw_tables()[table]) if name in have]
        found, reason = _beside_broken(connection, work, keys), _PART
    else:
        said = {name for name in have if name in ((*catalogue(), *_AMOUNTS) if not is_state else _STANDS_IN)}
        keys = [name for name in dict.fromkeys((*raw_tables()[table].natural_key, "period_end")) if name in have - said]
        found, reason = _alike(connection, work, keys, said), _ALIKE
        if is_state:  # what a row that was refused says of an opportunity is not what the others of its name say
            found += _beside_broken(connection, work, keys)
    if found:
        column = next((name for name in reversed(keys) if name in work.columns), keys[0])
        _refuse(connection, work, found, reason, work.native_name(column))


def keys_of_sums(layout: LayoutSpec, table: RawTable) -> list[str]:
    """The columns of a raw table in which rows agree that are added up."""
    named = table.natural_key if "*" in layout.summed_by else layout.summed_by
    return [name for name in dict.fromkeys((*_SAME_DAYS, *named)) if name in table.column_names]


def _alike(connection: duckdb.DuckDBPyConnection, work: Work, keys: list[str], said: set[str]) -> list[int]:
    """The rows that agree in every key and differ in what they say of it."""
    values = ", ".join(f"v_{name}" for name in sorted(said))
    if not keys or not values:
        return []
    done, key = f"{work.name}_done", ", ".join(f"v_{name}" for name in keys)
    counted = connection.execute(
        f"select count(*) - count(distinct hash({key})) from {done} where problem is null"
    ).fetchone()
    if not counted or not counted[0]:
        return []
    rows = connection.execute(
        f"""select r from (select r, min(said) over same <> max(said) over same as differs
            from (select r, {key}, hash({values}) as said from {done} where problem is null)
            window same as (partition by {key})) where differs"""
    ).fetchall()
    return [r for (r,) in rows]


def _beside_broken(connection: duckdb.DuckDBPyConnection, work: Work, keys: list[str]) -> list[int]:
    """The rows that would be added to one that was refused, or may be, for a text that cannot be read may be any."""
    done = f"{work.name}_done"
    same = " and ".join(
        f"(broken.v_{name} is not distinct from whole.v_{name}"
        + (f" or (broken.v_{name} is null and broken.t_{name} is not null))" if name in work.columns else ")")
        for name in keys
    )
    rows = connection.execute(
        f"""select r from {done} as whole where problem is null and exists
            (select 1 from {done} as broken where broken.problem is not null and {same or "true"})"""
    ).fetchall()
    return [r for (r,) in rows] + [row.number for row in work.rows.data if _may_add_to(row, work, keys)]


def _may_add_to(row: Row, work: Work, keys: list[str]) -> bool:
    """Whether what tells a row from others stands somewhere in one that was refused as a whole, in which the cells may
    have moved, or beyond the end of a file that was cut."""
    places = list(_places(work, keys))
    told = [row.cells[place].strip() if place < len(row.cells) else "" for place, _ in places]
    for broken, _ in work.rows.refused:
        end = len(broken.cells) - 1 if broken is work.table.sheet.rows[-1] and work.table.sheet.cut_short else None
        said = "\n".join(broken.cells)
        if all(
            text in said or (end is not None and place >= end) or (inside and not re.search(inside, text))
            for (place, inside), text in zip(places, told, strict=True)
        ):
            return True
    return False


def _places(work: Work, keys: list[str]) -> Iterator[tuple[int, str | None]]:
    """Where the texts stand that keys are made of, and the pattern by which a key is taken out of its text."""
    for name in keys:
        field = work.fields[name]
        if any("%H" in form for form in field.formats) and field.type == "date":  # many hours are one day
            continue
        made_of = (name, field.extract.column if field.extract else "", field.fallback or "")
        place = next((work.columns[part] for part in made_of if part in work.columns), None)
        if place is not None:
            yield place, field.extract.pattern if field.extract and name not in work.columns else None
        else:
            yield from ((work.columns[part], None) for part in field.joined if part in work.columns)


def _refuse(connection: duckdb.DuckDBPyConnection, work: Work, rows: list[int], reason: str, column: str) -> None:
    """Give rows that have no problem yet this one."""
    import pyarrow as pa

    done = f"{work.name}_done"
    connection.register("incoming", pa.table({"r": pa.array(rows, pa.int64())}))
    connection.execute(f"create table {work.name}_kin as select distinct r from incoming")
    connection.unregister("incoming")
    is_kin = f"problem is null and r in (select r from {work.name}_kin)"
    if work.body is None:
        said = f"problem = {literal(reason)}, problem_column = {literal(column)}"
        connection.execute(f"update {done} set {said} where {is_kin}")
        return
    said = ", ".join(
        f"case when {is_kin} then {literal(text)} else {name} end as {name}"
        for name, text in (("problem", reason), ("problem_column", column))
    )
    file, work.rows_file = work.body.original.with_name(f"{work.name}_kin.parquet"), None
    write_parquet(connection, f"select * replace ({said}) from {work.name}_judged", file)
    connection.execute(f"create or replace view {done} as select * from read_parquet({literal(str(file))})")
