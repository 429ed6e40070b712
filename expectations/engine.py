"""Great Expectations on DuckDB: an execution engine that keeps its connection, and a context to validate in.

Released Great Expectations reads a query's result after the connection that ran it went back to its pool, and
DuckDB has emptied the result by then: every expectation fails with "list index out of range". It keeps one
connection for SQLite and three others (``SqlAlchemyExecutionEngine.get_connection``); the engine below does
the same for DuckDB.

This module imports Great Expectations when it is itself imported (4 s): import it inside functions.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import great_expectations as gx
import sqlalchemy
from great_expectations.data_context import EphemeralDataContext, set_context
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.datasource.fluent.interfaces import TestConnectionError
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

from expectations.contract import UPSTREAM
from expectations.whole_files import WholeFiles
from pipelines.errors import BusyError
from pipelines.schema import literal

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.expectations.expectation import Expectation

SITE = "social_roi"


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """Runs every query of a validation on one connection, so that results outlive the call that made them."""

    _connection: sqlalchemy.Connection | None

    @contextmanager
    def get_connection(self) -> Iterator[sqlalchemy.Connection]:
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    def close(self) -> None:
        """Close the connection and with it the file, so that the next stage may write."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
    """A SQL data source on one DuckDB file; Great Expectations registers it as ``add_duckdb``."""

    type: Literal["duckdb"] = "duckdb"
    execution_engine_override = DuckDBExecutionEngine

    def get_engine(self) -> sqlalchemy.Engine:
        """The execution engine's own SQLAlchemy engine: a second one would open the file twice."""
        engine: sqlalchemy.Engine = self.get_execution_engine().engine
        return engine


class UnsavedContext(EphemeralDataContext):  # type: ignore[misc]
    """A context whose configuration nobody reads again. Great Expectations writes it out as YAML in memory whenever a
    table is added, which costs a fifth of a validation."""

    def _save_project_config(self) -> None:
        """Nothing to save."""


@dataclass(frozen=True)
class Validation:
    """An open file and the context that validates it."""

    context: EphemeralDataContext
    datasource: DuckDBDatasource

    def run(
        self, *, suite: str, table: str, expectations: list[Expectation], run_id: str
    ) -> ExpectationSuiteValidationResult:
        """Validate one table against one suite. Every failing row up to 200 is in the result."""
        schema, _, name = table.rpartition(".")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of schema_name, which has no successor on DuckDB
            asset = self.datasource.add_table_asset(suite, table_name=name, schema_name=schema)
        definition = self.context.validation_definitions.add(
            gx.ValidationDefinition(
                name=suite,
                data=asset.add_batch_definition_whole_table("all"),
                suite=self.context.suites.add_or_update(gx.ExpectationSuite(suite, expectations=expectations)),
            )
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a notice for each result format option that an expectation ignores
            return definition.run(
                result_format={"result_format": "COMPLETE", "include_unexpected_rows": False},
                run_id=gx.RunIdentifier(run_name=run_id),
            )


@contextmanager
def open_validation(database: Path, *, state: Path, upstream: Path | None = None) -> Iterator[Validation]:
    """Open a DuckDB file read-only for validation; closed when the block ends.

    Args:
        database: the file whose tables are validated.
        state: the home's state folder; results and Data Docs are kept below it.
        upstream: a second file that checks may compare with, attached read-only as ``UPSTREAM``.

    Raises:
        BusyError: the file is open elsewhere for writing, or is no DuckDB file.
    """
    context = open_context(state)
    try:
        datasource = context.data_sources.add_duckdb(
            name=SITE,
            connection_string=sqlalchemy.URL.create("duckdb", database=str(database)).render_as_string(),
            kwargs={"connect_args": {"read_only": True}},
        )
    except TestConnectionError as error:
        raise BusyError(
            "cannot be opened for reading; another program may have it open",
            where=str(database),
            remedy="Close that program, then run again",
        ) from error
    engine = datasource.get_execution_engine()
    try:
        _prepare(engine, upstream)
        yield Validation(context, datasource)
    finally:
        engine.close()


def _prepare(engine: DuckDBExecutionEngine, upstream: Path | None) -> None:
    """Times are UTC in every session; the second file stands beside the first."""
    with engine.get_connection() as connection:
        connection.exec_driver_sql("set TimeZone = 'UTC'")
        if upstream is not None:
            connection.exec_driver_sql(f"attach {literal(str(upstream))} as {UPSTREAM} (read_only)")


def open_context(state: Path) -> EphemeralDataContext:
    """A context whose configuration lives in memory and whose results stay in ``state/gx`` for Data Docs."""

    def files(folder: Path) -> dict[str, Any]:
        own = {"module_name": WholeFiles.__module__, "class_name": WholeFiles.__name__}
        return {**own, "base_directory": str(folder)}

    def kept(store: str, folder: str) -> dict[str, Any]:
        return {"class_name": store, "store_backend": {**files(state / "gx" / folder), "filepath_suffix": ".json"}}

    defaults = InMemoryStoreBackendDefaults()
    defaults.stores[defaults.expectations_store_name] = kept("ExpectationsStore", "expectations")
    defaults.stores[defaults.validation_results_store_name] = kept("ValidationResultsStore", "results")
    config = DataContextConfig(
        store_backend_defaults=defaults,
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        data_docs_sites={
            SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": files(state / "data_docs"),
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "site_section_builders": {"profiling": "None"},
            }
        },
    )
    context = UnsavedContext(project_config=config)
    set_context(context)
    return context
