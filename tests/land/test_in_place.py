"""Rows of a large reading stay in the lake and count like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import load as load_module
from pipelines.errors import SocialRoiError
from pipelines.lake import readings_folder
from pipelines.load import load
from pipelines.settings import Home, Settings
from pipelines.warehouse import open_warehouse
from tests.land.conftest import Landing
from tests.land.files import text, tweets
from tests.land.test_load import content


def paths(home: Home) -> list[tuple[str]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute("select path from loaded.in_place").fetchall()


def in_place(home: Home) -> int:
    return len(paths(home))


def inserted(home: Home) -> int:
    with open_warehouse(home, read_only=True) as connection:
        return int((connection.execute("select count(*) from loaded.action_metrics").fetchone() or (0,))[0])


@pytest.fixture
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_module, "LARGE", 3)


@pytest.fixture
def landed(home: Home, land_bytes: Landing) -> Home:
    land_bytes("x/small.csv", text(tweets("10", "20")))
    land_bytes("x/large.csv", text(tweets("30", "40", "50", "60", "bad")))
    return home


def test_rows_in_place_are_those_that_would_be_inserted(landed: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    load(landed, Settings())
    wanted = content(landed)
    assert (in_place(landed), inserted(landed)) == (0, 6)
    monkeypatch.setattr(load_module, "LARGE", 3)
    assert load(landed, Settings(), afresh=True).rows["action_metrics"] == 6
    assert (in_place(landed), inserted(landed)) == (1, 2)
    assert content(landed) == wanted


@pytest.mark.parametrize(("before", "after"), [(3, 1000), (1000, 3)])
def test_another_threshold_counts_nothing_twice(
    landed: Home, monkeypatch: pytest.MonkeyPatch, before: int, after: int
) -> None:
    monkeypatch.setattr(load_module, "LARGE", before)
    load(landed, Settings())
    wanted = content(landed)
    monkeypatch.setattr(load_module, "LARGE", after)
    assert load(landed, Settings()).unchanged
    assert content(landed) == wanted


@pytest.mark.usefixtures("small_is_large")
def test_of_a_file_that_was_read_again_only_the_later_reading_counts(landed: Home, land_bytes: Landing) -> None:
    load(landed, Settings())
    wanted, before = content(landed)["action_metrics"], paths(landed)
    land_bytes("x/large.csv", text(tweets("30", "40", "50", "60", "bad")), time_zone="Asia/Tokyo")
    load(landed, Settings())
    assert content(landed)["action_metrics"] == wanted
    assert len(paths(landed)) == 1
    assert paths(landed) != before


@pytest.mark.usefixtures("small_is_large")
def test_a_home_can_be_moved(landed: Home, tmp_path: Path) -> None:
    load(landed, Settings())
    wanted = content(landed)
    moved = Home(landed.root.rename(tmp_path / "elsewhere, it's new"))
    load(moved, Settings())
    assert content(moved) == wanted


@pytest.mark.usefixtures("small_is_large")
def test_a_home_that_was_named_from_where_one_stood_is_read_from_elsewhere(
    landed: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(landed.root.parent)
    load(Home(Path(landed.root.name)), Settings())
    monkeypatch.chdir(tmp_path.parent)
    assert len(content(landed)["action_metrics"]) == 6


@pytest.mark.usefixtures("small_is_large")
def test_rows_that_are_missing_from_the_lake_stop_the_load_by_name(landed: Home) -> None:
    load(landed, Settings())
    for path in readings_folder(landed).glob("*/action_metrics.parquet"):
        path.unlink()
    with pytest.raises(SocialRoiError, match="missing from the lake"):
        load(landed, Settings())
