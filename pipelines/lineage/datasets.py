"""What stages read and wrote, as datasets: files of the landing folder, tables of the warehouse, published tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.lake import readings_folder
from pipelines.land.natives import Natives, masked_fields, native_columns
from pipelines.lineage.columns import Lineage, NotReadableError, read_lineage
from pipelines.lineage.events import Dataset, Job, Source
from pipelines.schema import literal, raw_tables
from pipelines.settings import Home
from pipelines.warehouse import PUBLISHED, RAW, open_memory, open_warehouse

if TYPE_CHECKING:
    import duckdb

    from pipelines.built import Built

LAYOUTS = f"""
    select file_sha256, any_value(path) as path, any_value(source) as source, any_value(reading_id) as reading_id
    from {RAW}.loads
    where status = 'loaded' and loaded_at >= timestamp '{{began}}'
    group by file_sha256
    order by path
"""
BOOKKEEPING = ("_row_number", "_outcome", "_reason", "_beyond_the_header")


@dataclass(frozen=True)
class Work:
    """What one job read and wrote, and when."""

    job: Job
    inputs: tuple[Dataset, ...]
    outputs: tuple[Dataset, ...]
    began: datetime | None = None
    ended: datetime | None = None


class _Warehouse:
    """The tables of a warehouse as they are now, with their columns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.connection = connection
        self.namespace = f"duckdb://{path}"
        self.database = path.stem
        self._columns: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for schema, table, column, kind in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database() order by schema_name, table_name, column_index"
        ).fetchall():
            self._columns[f"{schema}.{table}"].append((column, kind))

    def columns_of(self, table: str) -> tuple[str, ...]:
        return tuple(column for column, _ in self._columns.get(table, ()))

    def tables(self) -> list[str]:
        return list(self._columns)

    def input(self, table: str) -> Dataset:
        return Dataset(self.namespace, f"{self.database}.{table}")

    def output(
        self,
        table: str,
        *,
        origins: dict[str, list[Source]] | None = None,
        description: str | None = None,
        described: dict[str, str] | None = None,
    ) -> Dataset:
        """A table with the names, types and meanings of its columns, and what each is made of."""
        columns = tuple((name, kind, (described or {}).get(name)) for name, kind in self._columns.get(table, ()))
        return Dataset(self.namespace, f"{self.database}.{table}", columns, description, origins or {})


def loaded_work(home: Home, *, since: datetime) -> list[Work]:
    """The files whose rows came in since a moment (UTC), one job for each source, and the raw tables that they fill."""
    with open_warehouse(home, read_only=True) as connection:
        began = since.astimezone(UTC).replace(tzinfo=None)
        loads = connection.execute(LAYOUTS.format(began=began)).fetchall()  # a parameter would import pandas
        warehouse = _Warehouse(connection, home.warehouse)
        schemas = _parquet_columns(connection, [readings_folder(home) / reading for _, _, _, reading in loads])
    filled: dict[str, dict[str, dict[str, list[Source]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    files: dict[str, list[Dataset]] = defaultdict(list)
    for _, path, source, reading in loads:
        file = str(home.landing / path)
        tables = schemas.get(reading, {})
        layouts = tuple(tables.get(("layouts", ""), ()))
        natives, header = _natives_of(tables, layouts)
        files[source].append(Dataset("file", file, tuple((name, "VARCHAR", None) for name in header)))
        masked = masked_fields(layouts)
        for (kind, table), columns in tables.items():
            for column in columns if kind == "rows" else ():
                made = natives.get(column) or (natives.get("value", ()) if column not in natives else ())
                filled[source][table][column] += [
                    Source("file", file, native, "TRANSFORMATION", column in masked) for native in made
                ]
    return [
        Work(
            Job(f"load.{source}", "SOURCE"),
            tuple(files[source]),
            tuple(
                warehouse.output(f"{RAW}.{table}", origins={name: made for name, made in columns.items() if made})
                for table, columns in sorted(filled[source].items())
            ),
        )
        for source in sorted(files)
    ]


def _parquet_columns(
    connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]
) -> dict[str, dict[tuple[str, str], list[str]]]:
    """By reading: the columns of each table that it fills (``rows``, table), of each table of the file as it was
    (``original``, file name), and the layouts that read it (``layouts``, nothing)."""
    found: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(dict)
    paths = [str(path) for folder in folders for path in sorted(folder.glob("*.parquet"))]
    if not paths:
        return found
    rows = connection.execute(
        "select file_name, name from parquet_schema($1) where coalesce(num_children, 0) = 0", [paths]
    ).fetchall()
    for file, column in rows:
        path = Path(file)
        kind = "rows" if path.stem in raw_tables() else "original"
        found[path.parent.name].setdefault((kind, path.stem), []).append(column)
    filled = [path for path in paths if Path(path).stem in raw_tables()]
    if filled:
        layouts = connection.execute(
            "select distinct filename, layout from read_parquet($1, filename = true, union_by_name = true) "
            "order by filename, layout",
            [filled],
        ).fetchall()
        for file, layout in layouts:
            found[Path(file).parent.name].setdefault(("layouts", ""), []).append(layout)
    return found


def _natives_of(tables: dict[tuple[str, str], list[str]], layouts: Iterable[str]) -> tuple[Natives, list[str]]:
    """The columns of a file by the fields that are read from them, and all its columns as it writes them."""
    natives: Natives = {}
    header: dict[str, None] = {}
    for (kind, _), columns in tables.items():
        if kind != "original":
            continue
        own = [column for column in columns if column not in BOOKKEEPING]
        header |= dict.fromkeys(own)
        for name, made in native_columns(layouts, own).items():
            natives[name] = tuple(dict.fromkeys((*natives.get(name, ()), *made)))
    return natives, list(header)


def built_work(home: Home, built: Sequence[Built]) -> list[Work]:
    """The models that dbt built, each with the tables that it reads and what each of its columns is made of."""
    if not built:
        return []
    with open_warehouse(home, read_only=True) as connection:
        warehouse = _Warehouse(connection, home.warehouse)
        return [_model_work(warehouse, model) for model in built]


def _model_work(warehouse: _Warehouse, model: Built) -> Work:
    try:
        lineage = read_lineage(warehouse.connection, model.sql, warehouse.columns_of) if model.sql else Lineage((), {})
    except NotReadableError:
        lineage = Lineage((), {})
    origins = {
        column: [
            Source(warehouse.namespace, f"{warehouse.database}.{origin.table}", origin.column, how.name)
            for origin, how in sorted(made.items())
        ]
        for column, made in lineage.columns.items()
        if made
    }
    output = warehouse.output(
        model.table, origins=origins, description=model.description, described=model.column_descriptions
    )
    job = Job(f"dbt.{model.name}", "MODEL", "DBT")
    return Work(job, tuple(map(warehouse.input, lineage.tables)), (output,), model.began, model.ended)


def computed_work(home: Home, name: str, *, reads: Iterable[str], writes: Iterable[str]) -> list[Work]:
    """Tables that are worked out of others outside SQL: of their columns it is not told what they are made of."""
    with open_warehouse(home, read_only=True) as connection:
        warehouse = _Warehouse(connection, home.warehouse)
        outputs = tuple(warehouse.output(table) for table in writes if warehouse.columns_of(table))
        return [Work(Job(name, "COMPUTATION"), tuple(map(warehouse.input, reads)), outputs)]


def published_work(home: Home, database: Path) -> list[Work]:
    """The published tables: copies of the warehouse's, column by column, and those that are made at the flip. They go
    by the name that readers open, not by that of one publication."""
    with open_warehouse(home, read_only=True) as connection:
        warehouse = _Warehouse(connection, home.warehouse)
    with open_memory() as connection:
        connection.execute(f"attach {literal(str(database))} as roi (read_only); use roi")
        shown = _Warehouse(connection, home.published / "roi.duckdb")
        tables = sorted({name for name in shown.tables() if name.startswith(f"{PUBLISHED}.")})
        copied = [table for table in tables if warehouse.columns_of(table)]
        return [
            Work(
                Job("publish.tables", "COMPUTATION"),
                tuple(map(warehouse.input, copied)),
                tuple(shown.output(table, origins=_copied(warehouse, shown, table)) for table in tables),
            )
        ]


def _copied(warehouse: _Warehouse, shown: _Warehouse, table: str) -> dict[str, list[Source]]:
    there = {*warehouse.columns_of(table)}
    return {
        column: [Source(warehouse.namespace, f"{warehouse.database}.{table}", column, "IDENTITY")]
        for column in shown.columns_of(table)
        if column in there
    }
