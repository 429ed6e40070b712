"""Opening a publication to read it, and the small helpers every query of the report uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import SocialRoiError
from pipelines.schema import literal
from pipelines.warehouse import PUBLISHED, open_memory


@contextmanager
def open_publication(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees one publication, read-only, whatever is published meanwhile.

    Raises:
        SocialRoiError: there is no such file, or it is no publication.
    """
    if not database.exists():
        raise SocialRoiError(
            "nothing is published yet", where=database.name, remedy="Run `social-roi run`, then ask again"
        )
    connection = open_memory()
    try:
        connection.execute(f"attach {literal(str(database.resolve()))} as publication (read_only)")
        connection.execute("use publication")
        yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise SocialRoiError(
            f"the published file is not of this version: {str(error).splitlines()[0]}",
            where=database.name,
            remedy="Run `social-roi run --full-refresh` to publish again",
        ) from error
    finally:
        connection.close()


def rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """The result of a query, a dictionary for each row."""
    cursor = connection.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The column names of a published table: a publication may carry more than the contract's."""
    found = connection.execute(
        f"select column_name from duckdb_columns() where schema_name = '{PUBLISHED}' and table_name = {literal(table)}"
    )  # a parameter would make DuckDB import pandas
    return {str(name) for (name,) in found.fetchall()}


def decimal(value: object) -> Decimal | None:
    """A database number as a decimal; ``None`` stays ``None``."""
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(str(value))
