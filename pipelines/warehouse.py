"""The only opener of the warehouse: schema names, the raw tables, and the one writer's lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import BusyError
from pipelines.schema import LEDGER_TABLES, REFERENCE_TABLES, create_table_sql, raw_tables
from pipelines.settings import Home

RAW = "raw"
STAGING = "staging"
INTERMEDIATE = "intermediate"
MARTS = "marts"
PUBLISHED = "published"


@contextmanager
def writer_lock(home: Home, *, purpose: str) -> Iterator[None]:
    """Hold the home's writer lock. The kernel frees it when its holder dies, so it cannot go stale.

    Raises:
        BusyError: another process holds it; names that process and what it does.
    """
    home.state.mkdir(parents=True, exist_ok=True)
    path = home.state / "writer.lock"
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            raise BusyError(
                f"another run is writing: {holder}", where=str(path), remedy="Wait for it to end, then run again"
            ) from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()}, {purpose}")
        handle.flush()
        yield


def open_warehouse(home: Home, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the private warehouse. Times are UTC in every session."""
    home.root.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(home.warehouse), read_only=read_only)
    connection.execute("set TimeZone = 'UTC'")
    return connection


def open_memory() -> duckdb.DuckDBPyConnection:
    """An in-memory engine for parsing one file; shares nothing with the warehouse."""
    connection = duckdb.connect(":memory:")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def open_file(path: Path, *, storage_version: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file for writing, in an older storage version if one is named."""
    connection = duckdb.connect(":memory:")
    options = f" (storage_version '{storage_version}')" if storage_version else ""
    connection.execute(f"attach '{path}' as target{options}")
    connection.execute("use target")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def create_raw_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the raw schema and each of its tables where missing."""
    connection.execute(f"create schema if not exists {RAW}")
    for table in raw_tables().values():
        connection.execute(create_table_sql(RAW, table.name, table.columns))
    for name, columns in {**REFERENCE_TABLES, **LEDGER_TABLES}.items():
        connection.execute(create_table_sql(RAW, name, columns))
