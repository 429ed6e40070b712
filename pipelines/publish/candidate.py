"""Build a publication that no reader sees yet."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.errors import BusyError, SocialRoiError
from pipelines.publish.content import data_through, digest, hashes, open_target, tables
from pipelines.publish.files import remove_stale
from pipelines.publish.history import create_table, record
from pipelines.schema import literal
from pipelines.settings import Home, Settings
from pipelines.warehouse import PUBLISHED, RAW, writer_lock

if TYPE_CHECKING:
    import duckdb


class Verdict(Protocol):
    """What is kept of one check in ``meta_checks`` (``pipelines.validate.CheckVerdict`` is one)."""

    @property
    def stage(self) -> str: ...
    @property
    def suite(self) -> str: ...
    @property
    def expectation(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def success(self) -> bool: ...
    @property
    def observed(self) -> object: ...
    @property
    def expected(self) -> object: ...


@dataclass(frozen=True)
class Candidate:
    """A publication that no reader sees yet: ``path`` is its file, ``folder`` the place of its Parquet."""

    run_id: str
    publication_id: str
    path: Path
    folder: Path
    published_at: datetime
    data_through: date | None


def build_candidate(home: Home, settings: Settings, *, run_id: str) -> Candidate:
    """Copy the warehouse's published tables, each in sorted order, into a new file that no reader knows.

    Raises:
        SocialRoiError: the warehouse holds no published tables.
        BusyError: another process is writing to the warehouse.
    """
    versions = home.published / "versions"
    name = f".candidate-{os.getpid()}-{run_id}"
    path = versions / f"{name}.duckdb"
    with writer_lock(home, purpose=f"publish, run {run_id}"):
        if not home.warehouse.exists():
            raise _nothing_to_publish()
        versions.mkdir(parents=True, exist_ok=True)
        remove_stale(versions)
        path.unlink(missing_ok=True)
        try:
            with open_target(path) as connection:
                _copy_tables(connection, home)
                published_at = datetime.now(UTC).replace(tzinfo=None)
                content = digest(hashes(connection).items())
                candidate = Candidate(
                    run_id=run_id,
                    publication_id=f"{published_at:%Y%m%dT%H%M%S%f}Z-{content[:8]}",
                    path=path,
                    folder=versions / name,
                    published_at=published_at,
                    data_through=data_through(connection),
                )
                _write_meta_publication(connection, candidate, settings)
                record(connection, home, settings)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return candidate


def _copy_tables(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    import duckdb

    try:
        connection.execute(f"attach {literal(str(home.warehouse))} as warehouse (read_only)")
    except duckdb.IOException as error:
        raise BusyError(
            "the warehouse is open elsewhere",
            where=str(home.warehouse),
            remedy="Wait for that to end, then run again",
        ) from error
    found = tables(connection, "warehouse")
    if not found:
        raise _nothing_to_publish()
    connection.execute(f"create schema {PUBLISHED}")
    for table in found:
        rows = f'select * from warehouse.{PUBLISHED}."{table}" order by all'
        connection.execute(f'create table {PUBLISHED}."{table}" as {rows}')
    _add_later_verdicts(connection, found.get("meta_checks", []))
    connection.execute("detach warehouse")


def _add_later_verdicts(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> None:
    """Bring ``meta_checks`` up to date: the marts are checked after dbt has built it."""
    recorded = tables(connection, "warehouse", schema=RAW).get("checks", [])
    shared = ", ".join(f'"{name}"' for name in columns if name in recorded)
    if shared:
        connection.execute(f"""
            insert into {PUBLISHED}.meta_checks ({shared})
            select {shared} from warehouse.{RAW}.checks except select {shared} from {PUBLISHED}.meta_checks
            order by all
        """)


def _write_meta_publication(connection: duckdb.DuckDBPyConnection, candidate: Candidate, settings: Settings) -> None:
    create_table(connection, "meta_publication")
    connection.execute(
        f"insert into {PUBLISHED}.meta_publication values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            candidate.publication_id,
            candidate.published_at,
            candidate.data_through,
            _git_sha(),
            _spec_version(),
            candidate.run_id,
            settings.currency,
            settings.time_zone,
        ],
    )


def append_verdicts(connection: duckdb.DuckDBPyConnection, run_id: str, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts to ``meta_checks``, by the names of its columns."""
    known = tables(connection, "target").get("meta_checks")
    if known is None:
        return
    checked_at = datetime.now(UTC).replace(tzinfo=None)
    for verdict in verdicts:
        values: dict[str, object] = {
            "run_id": run_id,
            "checked_at": checked_at,
            "stage": verdict.stage,
            "suite": verdict.suite,
            "expectation": verdict.expectation,
            "severity": verdict.severity,
            "success": verdict.success,
            "observed": None if verdict.observed is None else str(verdict.observed),
            "expected": None if verdict.expected is None else str(verdict.expected),
        }
        given = {name: value for name, value in values.items() if name in known}
        marks = ", ".join("?" for _ in given)
        connection.execute(
            f"insert into {PUBLISHED}.meta_checks ({', '.join(given)}) values ({marks})", list(given.values())
        )


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write each published table as ``<table>/data.parquet``, for readers without DuckDB."""
    for table in tables(connection, "target"):
        (folder / table).mkdir(parents=True)
        target = literal(str(folder / table / "data.parquet"))
        connection.execute(f'copy {PUBLISHED}."{table}" to {target} (format parquet, compression zstd)')


def _nothing_to_publish() -> SocialRoiError:
    return SocialRoiError("the warehouse holds nothing to publish", remedy="Run `social-roi run` first")


def _git_sha() -> str | None:
    """The commit of the code, or None when it does not run from its own checkout."""
    root = Path(__file__).resolve().parents[2]
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    answer = subprocess.run(  # noqa: S603 - a fixed command
        [git, "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def _spec_version() -> str:
    """One digest of everything that says how files are read: the sources, the metrics, the locales."""
    package = Path(__file__).parents[1]
    files = [*sorted(package.glob("*.yml")), *sorted((package / "sources").glob("*.yml"))]
    return digest(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)[:16]
