"""``social-roi simulate``: an invented company as export files."""

from __future__ import annotations

import csv
import filecmp
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.simulate.lift import caused, write_tests
from pipelines.simulate.world import World, build_world


def simulate(out: Path, *options: str, seed: int = 3) -> int:
    return CliRunner().invoke(main, ["simulate", "--seed", str(seed), "--out", str(out), *options]).exit_code


def test_the_company_of_the_demo_with_its_truth(tmp_path: Path) -> None:
    assert simulate(tmp_path / "a", "--days", "20") == simulate(tmp_path / "b", "--days", "20") == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 15 and Path("truth/totals.csv") in files
    assert filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", map(str, files), shallow=False)[0] == list(map(str, files))


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert simulate(tmp_path) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_tests_find_is_what_would_be_missing() -> None:
    world = build_world(seed=20260831, days=180, scale=1.0, end=date(2026, 8, 31))
    without = caused(world)
    assert 0 < without["tiktok"] < without["instagram"] < world.shop_revenue
    assert not any(order.needed for order in world.orders if not touched(world, order.customer_id))
    header, *rows = csv.reader(write_tests(world).splitlines())
    assert len(rows) == 2
    for row in rows:
        told = dict(zip(header, row, strict=True))
        days = date.fromisoformat(told["end_date"]) - date.fromisoformat(told["start_date"])
        likely = without[told["network"]] / 100 * days.days / 180
        assert float(told["incremental_revenue"]) == pytest.approx(likely, rel=0.7)


def touched(world: World, customer: str) -> bool:
    return any(touch.customer_id == customer for touch in world.touches)
