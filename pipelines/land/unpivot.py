"""Columns that become rows: a table whose column names are values, made long before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.land.words import words
from pipelines.schema import literal

if TYPE_CHECKING:
    import duckdb

    from pipelines.land.work import Work


def make_long(connection: duckdb.DuckDBPyConnection, work: Work) -> None:
    """Turn the unpivoted columns of a table into rows, where its layout says so: each cell that holds something is a
    row, with the column's name and the cell beside the other columns. The original stays under ``work.wide``."""
    unpivot, match = work.table.match.layout.unpivot, work.table.match
    if unpivot is None:
        return
    work.wide = f"{work.name}_wide"
    connection.execute(f"alter table {work.name} rename to {work.wide}")
    kept = "".join(f", c{place}" for place in range(match.start, match.stop) if place not in match.unpivoted)
    missing = ", ".join(literal(word) for word in sorted(words().missing))
    cells = ", ".join(f"{{'name': {literal(title)}, 'cell': {cell}}}" for title, cell in _cells_sql(work).items())
    name, value = match.stop, match.stop + 1
    connection.execute(
        f"""create table {work.name} as
        with cells as (select r{kept}, unnest([{cells}]) as pair from {work.wide})
        select r{kept}, pair.name as c{name}, pair.cell as c{value} from cells
        where lower(pair.cell) not in ({missing})"""
    )
    work.columns_made = {unpivot.name: name, unpivot.value: value}


def _cells_sql(work: Work) -> dict[str, str]:
    """SQL for the cell under each name. Where two columns of one name differ, it is both, which is no number: the row
    is refused and shows them."""
    found: dict[str, str] = {}
    for place in work.table.match.unpivoted:
        title, cell = work.table.match.header.cells[place].strip(), f"c{place}"
        other = found.get(title, cell)
        both = f"case when {other} = {cell} then {cell} else {other} || ' or ' || {cell} end"
        found[title] = cell if other == cell else both
    return found


def original_sql(connection: duckdb.DuckDBPyConnection, work: Work) -> str:
    """The rows of a table as they stood in the file, each with what is wrong with it; for a table that was made long,
    the first thing that is wrong with any of its cells."""
    done = f"{work.name}_done"
    if work.rows.elsewhere and not work.table.match.layout.collect_rest:
        row = connection.execute(f"select count(problem) from {done}").fetchone()
        if not row or not row[0]:
            return f"(select *, cast(null as varchar) as problem from {work.name})"
        wrong = f"(select r, problem from {done} where problem is not null)"
        return f"(select text.*, done.problem from {work.name} as text left join {wrong} as done using (r))"
    if work.wide is None:
        return done
    return (
        f"(select wide.*, fate.problem from {work.wide} as wide left join "
        f"(select r, min(problem) as problem from {done} group by r) as fate using (r))"
    )
