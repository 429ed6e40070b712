"""The rows of large readings: they stay in the lake's Parquet files, and the views of ``raw`` read them there (ADR 21).

``loaded.in_place`` says which; where it says nothing of a reading, its rows were inserted into ``loaded``. No threshold
is looked at again, so that another one tomorrow counts nothing twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import SocialRoiError
from pipelines.lake import Receipt, readings_folder
from pipelines.schema import RawTable, literal, raw_tables
from pipelines.settings import Home
from pipelines.warehouse import LOADED, RAW

if TYPE_CHECKING:
    import duckdb

LARGE = 100_000
"""From so many rows on they stay in the lake: a file of fewer is inserted in a moment, and thousands of them would make
views that take longer to plan than to read."""


def leave_in_place(connection: duckdb.DuckDBPyConnection, receipt: Receipt, table: str, path: Path) -> None:
    """Note that the rows of a reading are read from its own file, which lies below ``lake/readings``."""
    connection.execute(
        f"insert into {LOADED}.in_place values (?, ?, ?, cast(? as date))",
        [receipt.file_sha256, table, f"{path.parent.name}/{path.name}", receipt.as_of],
    )


def write_views(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make the views of ``raw`` anew over what is loaded and what is in place, below the home where it stands now.

    Raises:
        SocialRoiError: a file that is in place is missing from the lake.
    """
    rows = connection.execute(f"from {LOADED}.in_place order by all").fetchall()
    for table in raw_tables().values():
        branches = [_branch(home, sha256, path, as_of) for sha256, name, path, as_of in rows if name == table.name]
        connection.execute(f"create or replace view {RAW}.{table.name} as {_all_of(table, branches)}")


def _all_of(table: RawTable, branches: list[str]) -> str:
    loaded = f"select * from {LOADED}.{table.name}"
    if not branches:
        return loaded
    columns = ", ".join(f'cast("{each.name}" as {each.sql_type}) as "{each.name}"' for each in table.columns)
    return f"select {columns} from ({' union all by name '.join([loaded, *branches])}) as held"


def _branch(home: Home, sha256: str, path: str, as_of: object) -> str:
    """The rows of one file, each with what its receipt says of all of them."""
    file = readings_folder(home).resolve() / path
    if not file.exists():
        raise SocialRoiError("its rows are missing from the lake", where=str(file), remedy="Land its file again")
    day = f"date '{as_of}'" if as_of else "cast(null as date)"
    return (
        f"select columns(name -> name not in ('file_sha256', 'as_of')), '{sha256}' as file_sha256, {day} as as_of "
        f"from read_parquet({literal(str(file))})"
    )
