"""Rows told apart by what one field says: those set aside by name, and the raw tables that a row feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.schema import literal
from pipelines.spec import RowTest

if TYPE_CHECKING:
    import duckdb

    from pipelines.land.work import Work


def row_test_sql(work: Work, test: RowTest) -> str:
    """SQL for whether a row passes, never NULL; a file without the column passes none."""
    extract = work.fields[test.field].extract
    place = work.columns.get(extract.column if extract else test.field)
    if place is None:
        return "false"
    found = f"regexp_extract(c{place}, {literal(extract.pattern)}, 1)" if extract else f"c{place}"
    text = f"lower(trim({found}))"
    listed = ", ".join(literal(value.strip().lower()) for value in test.is_in or test.not_in)
    return f"{text} {'in' if test.is_in else 'not in'} ({listed})"


def set_aside(connection: duckdb.DuckDBPyConnection, work: Work) -> None:
    """Take the rows that the layout sets aside out of the table's text, into ``<name>_aside`` with ``problem``, why.

    Counts them in ``work.aside``. Done once the whole file has settled its dates and its decimal mark, for which these
    rows are evidence like any other.
    """
    tests = work.table.match.layout.ignore_rows
    if not tests:
        return
    whens = " ".join(f"when {row_test_sql(work, test)} then {literal(test.because)}" for test in tests)
    connection.execute(
        f"create table {work.name}_aside as select * from (select *, case {whens} end as problem from {work.name}) "
        "where problem is not null"
    )
    found = connection.execute(f"select problem, count(*) from {work.name}_aside group by 1 order by 1").fetchall()
    work.aside.update(found)
    if work.aside:
        connection.execute(f"delete from {work.name} where r in (select r from {work.name}_aside)")
