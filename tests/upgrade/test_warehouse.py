"""A warehouse of any earlier version, or of a later one, holds after loading what the lake holds, and its verdicts."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import duckdb
import pytest

from pipelines import upgrade as upgrading
from pipelines.lake import receipts_folder
from pipelines.load import load
from pipelines.schema import raw_tables
from pipelines.settings import Home, Settings, load_settings
from pipelines.upgrade import Step, held_version, latest_version, upgrade
from pipelines.warehouse import STORAGE_VERSION, has_another_shape, open_warehouse, writer_lock
from tests.land.conftest import Landing
from tests.land.files import text, tweets
from tests.upgrade.conftest import FIRST, make_first_warehouse

FILES = ("x/a.csv", "x/b.csv")


def content(home: Home) -> dict[str, Any]:
    """What loading makes of the lake."""
    with open_warehouse(home, read_only=True) as connection:
        return {
            table: connection.execute(f"select * from raw.{table} order by all").fetchall()
            for table in ("action_metrics", "file_totals", "networks", "settings")
        } | {"loads": connection.execute("select path, status, rows_loaded from raw.loads order by all").fetchall()}


def checks(home: Home) -> list[tuple[Any, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute("select expectation from raw.checks order by all").fetchall()


@pytest.fixture
def loaded(home: Home, land_bytes: Landing) -> dict[str, Any]:
    """Two files landed and loaded by this version; its warehouse is gone again."""
    for place, path in enumerate(FILES):
        land_bytes(path, text(tweets(place + 1, place + 10)))
    load(home, Settings())
    found = content(home)
    home.warehouse.unlink()
    return found


def test_one_of_the_first_release_is_filled_from_the_lake_and_keeps_its_verdicts(home: Home, loaded) -> None:
    make_first_warehouse(home.warehouse)
    assert held_version(home) == 0
    summary = load(home, Settings())
    assert content(home) == loaded
    assert checks(home) == [("an old check",)]
    assert held_version(home) == latest_version()
    assert summary.upgrade
    again = load(home, Settings())
    assert (again.unchanged, again.upgrade) == (True, None)


OLDER = {
    "a column was not there yet": "alter table raw.action_metrics drop column permalink",
    "a column had another type": "alter table raw.action_metrics alter column impressions type varchar",
    "a table had a column more": "alter table raw.orders add column no_longer_kept integer",
    "verdicts had no time": "alter table raw.checks drop column checked_at",
    "verdicts had a column more": "alter table raw.checks add column remedy varchar",
}


@pytest.mark.parametrize("how", OLDER)
def test_one_of_other_tables_is_made_anew_and_keeps_its_verdicts(home: Home, loaded, how: str) -> None:
    make_first_warehouse(home.warehouse)
    with open_warehouse(home) as connection:
        connection.execute(OLDER[how])
    summary = load(home, Settings())
    assert summary.upgrade == "the warehouse was made anew from the lake: its raw tables are those of another version"
    assert content(home) == loaded
    assert checks(home) == [("an old check",)]
    assert not has_another_shape(home)


def test_steps_bring_it_up_in_place_all_or_none(home: Home, loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    load(home, Settings())
    with open_warehouse(home) as connection:
        connection.execute("alter table loaded.orders rename column order_name to order_title")
    mend = Step(3, "order_title is order_name", ("alter table loaded.orders rename column order_title to order_name",))
    monkeypatch.setattr(upgrading, "STEPS", (*upgrading.STEPS, mend))
    with writer_lock(home, purpose="test"):
        done = upgrade(home)
        assert (done.how, done.before, held_version(home)) == ("migrated", 2, 3)
        assert upgrade(home).how == "kept"
    assert load(home, Settings()).unchanged, "nothing had to be loaded again"
    broken = Step(4, "two things", ("create table raw.half (i integer)", "alter table raw.nowhere drop column x"))
    monkeypatch.setattr(upgrading, "STEPS", (*upgrading.STEPS, broken))
    with writer_lock(home, purpose="test"):
        done = upgrade(home)
    assert done.how == "rebuilt"
    assert "the step to version 4 does not fit it" in str(done.why)
    with open_warehouse(home, read_only=True) as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("from raw.half")
    load(home, Settings())
    assert content(home) == loaded


def test_rows_of_the_version_before_views_are_moved_and_not_loaded_again(home: Home, loaded) -> None:
    """As version 1 left it: tables of raw that hold the rows themselves, whose number would not keep them there now."""
    load(home, Settings())
    with open_warehouse(home) as connection:
        for table in raw_tables():
            connection.execute(f"drop view raw.{table}; create table raw.{table} as from loaded.{table}")
        connection.execute("drop schema loaded cascade; update upgrade.versions set version = 1")
    summary = load(home, Settings())
    assert (summary.upgrade, summary.unchanged) == ("the warehouse was brought from version 1 of its tables to 2", True)
    assert content(home) == loaded
    with open_warehouse(home, read_only=True) as connection:
        assert connection.execute("select count(*) from loaded.action_metrics").fetchone() == (4,)
        assert connection.execute("select count(*) from loaded.in_place").fetchone() == (0,)
    assert load(home, Settings()).upgrade is None


def test_one_of_a_later_version_is_made_anew(home: Home, loaded, land_bytes: Landing) -> None:
    load(home, Settings())
    with open_warehouse(home) as connection:
        connection.execute("insert into upgrade.versions values (99, 'of a version to come', '9.0', now()::timestamp)")
    (path, *_) = sorted(receipts_folder(home).glob("*.json"))
    receipt = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(receipt | {"noted_by_a_version_to_come": 1}), encoding="utf-8")
    assert "it is of version 99" in str(load(home, Settings()).upgrade)
    assert content(home) == loaded
    assert held_version(home) == latest_version()


def test_one_that_is_asked_for_afresh_keeps_its_verdicts_and_tells_nothing(home: Home, loaded) -> None:
    make_first_warehouse(home.warehouse)
    assert load(home, Settings(), afresh=True).upgrade is None
    assert content(home) == loaded
    assert checks(home) == [("an old check",)]


def test_versions_go_up_by_one() -> None:
    assert [step.version for step in upgrading.STEPS] == list(range(1, latest_version() + 1))
    assert all(dataclasses.astuple(step)[1] for step in upgrading.STEPS)


def test_settings_of_the_first_release_are_read(home: Home) -> None:
    home.root.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_bytes((FIRST / "roi.yml").read_bytes())
    settings = load_settings(home)
    assert (settings.currency, settings.lineage, settings.answers[0].account) == ("CHF", "off", "shop")
    untouched = {name for name, value in settings if value == getattr(Settings(), name)}
    assert untouched == set(), "every key of the first release has a value of its own"


def test_a_new_one_packs_texts_as_the_engine_of_today_does(home: Home) -> None:
    load(home, Settings())
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        (tags,) = connection.execute("select tags from duckdb_databases() where not internal").fetchone() or ({},)
    assert tags["storage_version"].startswith(STORAGE_VERSION)
