"""A small sound home, built once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.schema import raw_tables
from pipelines.settings import Home, Settings
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
            "select table_name from information_schema.tables where table_catalog = 'source' and table_schema = 'published'"
        ).fetchall()
        for (table,) in found:
            connection.execute(f"create table published.{table} as select * from source.published.{table}")
