"""The only opener of the warehouse: schema names, the raw tables, and the one writer's lock."""

from __future__ import annotations

import fcntl
import json
import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import BusyError
from pipelines.own_tables import (
    ATTRIBUTION_TABLES,
    IN_PLACE_TABLES,
    INCREMENTALITY_TABLES,
    LEDGER_TABLES,
    REFERENCE_TABLES,
)
from pipelines.schema import create_table_sql, literal, raw_tables
from pipelines.settings import Home

RAW = "raw"
LOADED = "loaded"
"""Rows of raw tables that files fill, but for large readings, which stay in the lake: ``raw`` has views over both."""
STAGING = "staging"
INTERMEDIATE = "intermediate"
MARTS = "marts"
PUBLISHED = "published"
ATTRIBUTION = "attribution"
INCREMENTALITY = "incrementality"
STORAGE_VERSION = "v1.4.0"
"""Of a new warehouse: texts are packed in half the time of the engine's default, which is of 2024; only this project
opens it. What is published keeps to an older one, for the drivers of others."""
_numbers = count()


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
    connection = duckdb.connect(
        str(home.warehouse), read_only=read_only, config={"storage_compatibility_version": STORAGE_VERSION}
    )
    connection.execute("set TimeZone = 'UTC'")
    return connection


def has_another_shape(home: Home) -> bool:
    """Whether the raw tables of a warehouse have other columns than this version's: made by an older or newer one."""
    if not home.warehouse.exists():
        return False
    with open_warehouse(home, read_only=True) as connection:
        found = _shape(connection)
    with open_memory() as connection:
        create_raw_schema(connection)
        return any(found.get(table) not in (None, columns) for table, columns in _shape(connection).items())


def _shape(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """The columns of each raw table, and of what is loaded of it, with their types."""
    rows = connection.execute(
        f"""select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
        where schema_name in ('{RAW}', '{LOADED}') order by all"""
    ).fetchall()
    shape: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        shape.setdefault(table, []).append((column, kind))
    return shape


def remove_warehouse(home: Home) -> None:
    """Throw the warehouse away. The caller holds the writer lock; the lake holds all that was in it."""
    for path in (home.warehouse, home.warehouse.with_suffix(".duckdb.wal")):
        path.unlink(missing_ok=True)


def open_memory() -> duckdb.DuckDBPyConnection:
    """An in-memory engine; shares nothing with the warehouse."""
    connection = duckdb.connect(":memory:")
    connection.execute("set TimeZone = 'UTC'")
    return connection


@cache
def _engine(process: int) -> duckdb.DuckDBPyConnection:  # noqa: ARG001 - a forked process needs threads of its own
    """The in-memory engine in which a process reads small files: starting one for each would cost more than reading.
    One thread: a few thousand rows are read sooner than a second one is woken."""
    return duckdb.connect(":memory:", config={"threads": 1})


FEW_ROWS = 1000
"""Below this many rows, a better plan for a query, or Arrow to bring them, costs more than it saves."""


def open_workbench(*, rows: int = FEW_ROWS) -> duckdb.DuckDBPyConnection:
    """A connection for reading a file of so many rows. Its tables stand in a schema of its own, which goes with it."""
    engine = _engine(os.getpid())
    connection = engine.cursor()
    schema = f"file_{next(_numbers)}"
    connection.execute(f"set TimeZone = 'UTC'; create schema {schema}; use {schema}")
    if rows < FEW_ROWS:
        connection.execute("pragma disable_optimizer")
    weakref.finalize(connection, _drop, engine, schema)
    return connection


def open_bench_file(folder: Path, *, memory: str) -> duckdb.DuckDBPyConnection:
    """A workbench for one large file: its tables lie in a file of their own in ``folder``, its memory is bounded."""
    connection = duckdb.connect(str(folder / "bench.duckdb"))
    connection.execute(
        f"set TimeZone = 'UTC'; set memory_limit = '{memory}'; set temp_directory = '{folder / 'spill'}'; "
        "set checkpoint_threshold = '100GB'"
    )
    return connection


def _drop(engine: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Give back the memory of a workbench; at the end of the process there is nothing left to give back."""
    with suppress(duckdb.ConnectionException):
        engine.cursor().execute(f"drop schema if exists {schema} cascade")


def replace_rows(
    connection: duckdb.DuckDBPyConnection, schema: str, tables: Mapping[str, Sequence[tuple[Any, ...]]]
) -> None:
    """Put these rows into tables of a schema in place of what was there, in one transaction."""
    connection.execute("begin")
    for name, rows in tables.items():
        connection.execute(f"delete from {schema}.{name}")
        add_rows(connection, f"{schema}.{name}", rows)
    connection.execute("commit")


def add_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Add a few rows to a table, or to those columns of it that are named behind it in brackets. They are told as one
    JSON text, which the columns' types are read from: one row at a time would take longer than what there is to
    compute, and a parameter or an Arrow table makes DuckDB import pandas, which takes as long."""
    if rows:
        columns = ", ".join(f"texts[{place + 1}]" for place in range(len(rows[0])))
        texts = json.dumps([[None if value is None else str(value) for value in row] for row in rows])
        listed = f"select unnest(from_json({literal(texts)}, '[[\"VARCHAR\"]]')) as texts"
        connection.execute(f"insert into {table} select {columns} from ({listed})")


def create_raw_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the raw schema and each of its tables and columns where missing; likewise those of what is
    worked out of marts."""
    loaded = {table.name: table.columns for table in raw_tables().values()} | IN_PLACE_TABLES
    worked_out = {ATTRIBUTION: ATTRIBUTION_TABLES, INCREMENTALITY: INCREMENTALITY_TABLES}
    known = _columns(connection)
    for schema, tables in {LOADED: loaded, RAW: REFERENCE_TABLES | LEDGER_TABLES, **worked_out}.items():
        connection.execute(f"create schema if not exists {schema}")
        for name, columns in tables.items():
            if (schema, name) not in known:
                connection.execute(create_table_sql(schema, name, columns))
                continue
            for column in columns:
                if column.name not in known[schema, name]:
                    connection.execute(f'alter table {schema}."{name}" add column "{column.name}" {column.sql_type}')
    for name in raw_tables():
        if (RAW, name) not in known:
            connection.execute(f"create view {RAW}.{name} as select * from {LOADED}.{name}")


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[str]]:
    """The columns of each table by its schema and name, views among them."""
    known: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in connection.execute(
        """select schema_name, table_name, column_name from duckdb_columns()
        where database_name = current_database()"""
    ).fetchall():
        known.setdefault((schema, table), set()).add(column)
    return known
