"""What a published file holds: its tables, a hash of each, and the day its data reach to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.schema import literal
from pipelines.warehouse import PUBLISHED, open_memory

if TYPE_CHECKING:
    import duckdb

STORAGE_VERSION = "v1.2.0"
"""What published files are written in, so that older drivers read them."""

DAYS = (
    ("fct_action_metrics_daily", "metric_date"),
    ("fct_account_metrics_daily", "metric_date"),
    ("fct_touchpoints", "touched_at"),
    ("fct_conversions", "converted_at"),
)
"""What ``data_through`` is the latest of."""

NOT_CONTENT = {
    "fct_reported_changes": None,
    "fct_reported_history": None,
    "meta_checks": None,
    "meta_loads": ("loaded_at",),
    "meta_publication_log": None,
    "meta_publication": ("publication_id", "published_at", "git_sha", "run_id"),
}
"""What ``table_hashes`` leaves out, as it speaks of a run and not of the data: columns, or a whole table."""


def table_hashes(database: Path) -> dict[str, str]:
    """One hash of the content of each published table, whatever the order of its rows.

    What differs between two runs over the same data is left out (``NOT_CONTENT``): the verdicts of checks,
    when a file was loaded, the identity of the publication, and what earlier publications said.
    """
    with open_target(database, read_only=True) as connection:
        return hashes(connection)


def hashes(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """``table_hashes`` of the file that is open as ``target``."""
    found = {}
    for table, columns in tables(connection, "target").items():
        left_out = NOT_CONTENT.get(table, ())
        kept = sorted(name for name in columns if left_out is not None and name not in left_out)
        if kept:
            listed = ", ".join(f'"{name}"' for name in kept)
            rows = f'(select {listed} from {PUBLISHED}."{table}") as t'
            counted = connection.execute(f"select count(*), sum(md5_number_lower(t::varchar)) from {rows}")
            found[table] = digest([*kept, *(counted.fetchone() or ())])
    return found


def digest(parts: Iterable[object]) -> str:
    """One SHA-256 over parts, in their order."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


@contextmanager
def open_target(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file as the catalog ``target``; closed, and so written out, at the end."""
    option = "read_only" if read_only else f"storage_version '{STORAGE_VERSION}'"
    connection = open_memory()
    try:
        connection.execute(f"attach {literal(str(path))} as target ({option})")
        connection.execute("use target")
        yield connection
    finally:
        connection.close()


def tables(connection: duckdb.DuckDBPyConnection, catalog: str, *, schema: str = PUBLISHED) -> dict[str, list[str]]:
    """The columns of each table and view in a catalog's schema, by name."""
    query = """
        select table_name, list(column_name order by ordinal_position)
        from information_schema.columns
        where table_catalog = ? and table_schema = ?
        group by table_name
        order by table_name
    """
    return dict(connection.execute(query, [catalog, schema]).fetchall())


def data_through(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The latest day that any metric, touch or conversion has."""
    held = tables(connection, "target")
    days = [
        f'select max("{column}")::date as day from {PUBLISHED}.{table}'
        for table, column in DAYS
        if column in held.get(table, ())
    ]
    if not days:
        return None
    row = connection.execute(f"select max(day) from ({' union all '.join(days)})").fetchone()
    return row[0] if row else None
