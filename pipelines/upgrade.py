"""Bring a warehouse to the tables of this version: by steps that are declared here, else made anew from the lake.

A warehouse says in ``upgrade.versions`` which version of the tables it holds; one that does not is older than that book
(version 0). ``docs/upgrading.md`` says what an owner sees of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from pipelines.settings import Home
from pipelines.warehouse import RAW, create_raw_schema, has_another_shape, open_warehouse, remove_warehouse

if TYPE_CHECKING:
    import duckdb

LOG = logging.getLogger(__name__)
BOOK = "upgrade.versions"


@dataclass(frozen=True)
class Step:
    """What brings a warehouse of the version before to ``version``, in place: ``statements`` of SQL.

    A step is worth writing where reading the lake again would take long and the rows stay what they were. A version
    that reads files otherwise needs none: it has other readings, which are loaded anew.
    """

    version: int
    about: str
    statements: tuple[str, ...] = ()


_MOVED = (
    "action_metrics", "account_metrics", "web_metrics", "touchpoints", "orders", "order_lines", "opportunities",
    "contacts", "costs", "sellers", "identities", "marks", "daily_sales", "experiments", "geo_sales", "objectives",
    "fx_rates",
)  # fmt: skip

STEPS = (
    Step(1, "a warehouse says which version of the tables it holds"),
    Step(
        2,
        "what was loaded stands in tables of loaded, of which those of raw are views",
        (
            "create schema loaded",
            "create table loaded.in_place (file_sha256 varchar, table_name varchar, path varchar, as_of date)",
            *(
                statement
                for name in _MOVED
                for statement in (f"create table loaded.{name} as from raw.{name}", f"drop table raw.{name}")
            ),
        ),
    ),
)
"""Every step since the first release, in order. A difference in raw tables that no step mends is mended by the lake."""

KEPT_HERE_ALONE = ("checks",)
"""The raw tables that the lake does not hold: a warehouse that is made anew takes their rows along."""


@dataclass(frozen=True)
class Upgrade:
    """What became of a warehouse. ``how``: kept, new, migrated or rebuilt; ``before`` its version, None where there was
    none; ``why`` in words, where it was rebuilt."""

    how: str
    before: int | None = None
    why: str | None = None

    @property
    def words(self) -> str | None:
        """What an owner should know; None where there is nothing to tell."""
        if self.how == "rebuilt":
            return f"the warehouse was made anew from the lake: {self.why}"
        if self.how == "migrated":
            return f"the warehouse was brought from version {self.before} of its tables to {latest_version()}"
        return None


def latest_version() -> int:
    """The version of the tables that this code reads and writes."""
    return STEPS[-1].version


def upgrade(home: Home, *, afresh: bool = False) -> Upgrade:
    """Leave a warehouse with the raw tables of this version, whatever was there. The caller holds the writer lock.

    Args:
        home: the deployment.
        afresh: make it anew in any case.

    Returns:
        What was done. A warehouse that was made anew is empty but for the verdicts of checks; loading fills it.
    """
    if not home.warehouse.exists():
        _make(home, {})
        return Upgrade("new")
    before = held_version(home)
    why = "it was asked for" if afresh else _migrate(home, before)
    if why is None and has_another_shape(home):
        why = "its raw tables are those of another version"
    if why is None:
        return Upgrade("kept" if before == latest_version() else "migrated", before)
    rows = _kept_rows(home)
    remove_warehouse(home)
    _make(home, rows)
    if afresh:
        return Upgrade("new", before)
    done = Upgrade("rebuilt", before, why)
    LOG.warning("%s", done.words)
    return done


def held_version(home: Home) -> int:
    """The version of the tables that a warehouse says it holds."""
    import duckdb

    with open_warehouse(home, read_only=True) as connection:
        try:
            row = connection.execute(f"select max(version) from {BOOK}").fetchone()
        except duckdb.CatalogException:
            return 0
    return int(row[0] or 0) if row else 0


def _migrate(home: Home, before: int) -> str | None:
    """Take the steps that lie between, all or none; why that cannot be, or None."""
    import duckdb

    if before > latest_version():
        return f"it is of version {before}, which is newer than {latest_version()}"
    due = [step for step in STEPS if step.version > before]
    if not due:
        return None
    with open_warehouse(home) as connection:
        connection.execute("begin")
        try:
            for step in due:
                for statement in step.statements:
                    connection.execute(statement)
                _note(connection, step.version, step.about)
            connection.execute("commit")
        except duckdb.Error as error:
            connection.execute("rollback")
            return f"the step to version {step.version} does not fit it ({str(error).splitlines()[0]})"
    return None


def _make(home: Home, rows: dict[str, Any]) -> None:
    """A warehouse with the tables of this version, and these rows in them."""
    with open_warehouse(home) as connection:
        connection.execute("begin")
        create_raw_schema(connection)
        for table, kept in rows.items():
            connection.register("kept", kept)
            connection.execute(f"insert into {RAW}.{table} by name select * from kept")
            connection.unregister("kept")
        _note(connection, latest_version(), "made")
        connection.execute("commit")


def _note(connection: duckdb.DuckDBPyConnection, number: int, about: str) -> None:
    connection.execute("create schema if not exists upgrade")
    connection.execute(
        f"create table if not exists {BOOK} (version bigint, about varchar, code varchar, upgraded_at timestamp)"
    )
    connection.execute(
        f"insert into {BOOK} values (?, ?, ?, ?)", [number, about, _code(), datetime.now(UTC).replace(tzinfo=None)]
    )


def _kept_rows(home: Home) -> dict[str, Any]:
    """The rows that only a warehouse holds, as Arrow tables, with the columns that this version still has."""
    from pipelines.own_tables import LEDGER_TABLES

    kept = {}
    with open_warehouse(home, read_only=True) as connection:
        for table in KEPT_HERE_ALONE:
            held = connection.execute(
                "select column_name from duckdb_columns() where schema_name = ? and table_name = ?", [RAW, table]
            ).fetchall()
            wanted = {column.name: column.sql_type for column in LEDGER_TABLES[table]}
            shared = ", ".join(
                f'try_cast("{name}" as {wanted[name]}) as "{name}"' for (name,) in held if name in wanted
            )
            if shared:
                kept[table] = connection.execute(f"select {shared} from {RAW}.{table}").to_arrow_table()
    return kept


def _code() -> str:
    try:
        return version("social-roi")
    except PackageNotFoundError:
        return "unknown"
