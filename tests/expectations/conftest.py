"""A small sound home, built once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.checks import Check
from expectations.engine import open_validation
from expectations.stages import suites
from pipelines.schema import raw_tables
from pipelines.settings import Home, Settings
from pipelines.validate import CheckVerdict, _run_suite
from pipelines.warehouse import create_raw_schema

WORLD = Path(__file__).with_name("world.sql")


@pytest.fixture(scope="session")
def sound_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        create_raw_schema(connection)
        connection.execute("create schema staging")
        for table in raw_tables():
            connection.execute(f"create view staging.stg_raw__{table} as select * from raw.{table}")
        connection.execute(WORLD.read_text(encoding="utf-8"))
    return path


@pytest.fixture
def settings() -> Settings:
    return Settings(models=("linear", "last_touch"))


@pytest.fixture
def home(sound_warehouse: Path, tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    shutil.copy(sound_warehouse, home.warehouse)
    return home


@pytest.fixture
def spoil(home: Home) -> Callable[[str], None]:
    """Run SQL on the home's warehouse."""

    def run(sql: str) -> None:
        with duckdb.connect(str(home.warehouse)) as connection:
            connection.execute(sql)

    return run


@pytest.fixture
def candidate(home: Home) -> Path:
    """A candidate file with a faithful copy of the published tables."""
    path = home.root / ".candidate-1.duckdb"
    copy_published(home, path)
    return path


def copy_published(home: Home, path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{home.warehouse}' as source (read_only)")
        connection.execute("create schema published")
        found = connection.execute(
            """select table_name from information_schema.tables
            where table_catalog = 'source' and table_schema = 'published'"""
        ).fetchall()
        for (table,) in found:
            connection.execute(f"create table published.{table} as select * from source.published.{table}")


class Asker:
    """Asks single checks of a stage, without the others; ``published`` is asked of a copy."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home, self.settings = home, settings
        self.candidate = home.root / ".candidate-1.duckdb"

    def spoil(self, stage: str, sql: str) -> None:
        """Run SQL on what the stage looks at."""
        if stage == "published" and not self.candidate.exists():
            copy_published(self.home, self.candidate)
        target = self.candidate if stage == "published" else self.home.warehouse
        with duckdb.connect(str(target)) as connection:
            connection.execute(sql)

    def ask(self, stage: str, wanted: Callable[[Check], bool]) -> dict[tuple[str, str], CheckVerdict]:
        """The verdicts of the wanted checks, by table and name."""
        is_copy = stage == "published"
        target = self.candidate if is_copy else self.home.warehouse
        found = {}
        with open_validation(
            target, state=self.home.state, upstream=self.home.warehouse if is_copy else None
        ) as validation:
            for suite in suites(stage, self.settings):
                checks = tuple(check for check in suite.checks if wanted(check))
                if checks:
                    chosen = replace(suite, checks=checks)
                    verdicts = _run_suite(validation, chosen, stage=stage, run_id="test")
                    found |= {(suite.table, verdict.expectation): verdict for verdict in verdicts}
        return found


@pytest.fixture
def asker(home: Home, settings: Settings) -> Asker:
    return Asker(home, settings)
