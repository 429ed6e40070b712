"""A world written as files and read by the pipeline: nothing refused, and the totals are the world's."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.run import ingest
from pipelines.settings import Home, Settings
from pipelines.simulate.worlds import World, draw
from pipelines.simulate.worlds.export import NAMES, write_world


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def small() -> World:
    return draw("confounded", 4, days=90, networks=3, orders_a_day=25)


def test_the_pipeline_reads_all_of_it_and_its_totals_are_the_worlds(tmp_path: Path, small: World) -> None:
    home = Home(tmp_path / "home")
    paths = [path for path in write_world(small, tmp_path / "out") if "truth" not in path.parts]
    done = ingest(home, Settings(), paths=paths)
    assert {receipt.status for receipt in done.receipts} == {"loaded"}
    assert sum(receipt.rows_quarantined for receipt in done.receipts) == 0
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:

        def one(sql: str) -> Decimal:
            row = connection.execute(sql).fetchone()
            assert row is not None
            return Decimal(str(row[0]))

        revenue = Decimal(int(small.orders.cents.sum())) / 100
        assert one("select sum(revenue) from raw.orders") == revenue
        assert one("select sum(revenue) from raw.daily_sales") == revenue
        assert one("select sum(impressions) from raw.action_metrics") == int(small.observed.impressions.sum())
        claimed = Decimal(int(np.nansum(small.observed.claimed))) / 100
        assert claimed > 0 and one("select sum(revenue_claimed) from raw.action_metrics") == claimed
        spend = Decimal(int(np.round(100 * small.observed.campaign_spend).sum())) / 100
        told = one("select sum(spend) from raw.action_metrics")
        assert told > 0 and one("select coalesce(sum(amount), 0) from raw.costs") + told == spend
        managed = "select count(distinct source) from raw.action_metrics where action_type = 'ad'"
        assert one(f"{managed} and source <> 'engagement_daily'") >= 2
        assert one("select count(*) from raw.experiments") == len(small.observed.tests)


def test_the_truth_beside_the_files_is_the_worlds(tmp_path: Path, small: World) -> None:
    write_world(small, tmp_path)
    sums: dict[tuple[bool, bool, str, str], float] = defaultdict(float)
    for row in read(tmp_path / "truth" / "incremental_revenue.csv"):
        level = (bool(row["campaign"]), bool(row["action_id"]), row["period_kind"], row["network"])
        sums[level] += float(row["incremental_revenue"])
    for network, true in enumerate(small.truth.networks):
        for kind in ("all", "quarter", "month"):
            assert sums[False, False, kind, NAMES[network]] == pytest.approx(true, abs=0.05)
        campaigns = small.truth.campaigns[small.observed.campaign_of == network].sum()
        assert sums[True, False, "all", NAMES[network]] == pytest.approx(campaigns, abs=0.05)
    assert sum(v for key, v in sums.items() if key[1]) == pytest.approx(small.truth.actions.sum(), abs=10)


def test_no_touch_is_after_its_order(tmp_path: Path, small: World) -> None:
    write_world(small, tmp_path)
    last: dict[str, str] = {}
    for row in read(tmp_path / "landing" / "orders" / "orders.csv"):
        last[row["customer_id"]] = max(last.get(row["customer_id"], ""), row["ordered_at"])
    touches = [
        row for row in read(tmp_path / "landing" / "touchpoints" / "touchpoints.csv") if row["customer_id"] in last
    ]
    assert len(touches) > 500
    assert all(row["touched_at"] < last[row["customer_id"]] for row in touches)


def test_opportunities_are_opened_before_they_are_won(tmp_path: Path) -> None:
    world = draw("b2b", 1, days=90, networks=2)
    names = {path.parent.name for path in write_world(world, tmp_path)}
    assert "opportunities" in names
    assert "orders" not in names
    rows = read(tmp_path / "landing" / "opportunities" / "opportunities.csv")
    won = {row["opportunity_id"]: row for row in rows if row["is_won"] == "true"}
    assert sum(Decimal(row["amount"]) for row in won.values()) * 100 == int(world.orders.cents.sum())
    assert all(r["entered_at"] < won[r["opportunity_id"]]["entered_at"] for r in rows if r["is_won"] == "false")


def test_the_verb_writes_the_same_bytes_of_a_family_again(tmp_path: Path) -> None:
    def call(out: str, *more: str) -> tuple[int, dict[str, bytes]]:
        base = [
            "simulate",
            "--seed",
            "3",
            "--days",
            "60",
            "--scale",
            "0.2",
            "--out",
            str(tmp_path / out),
            "--family",
            *more,
        ]
        code = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), *base]).exit_code
        files = (path for path in (tmp_path / out).rglob("*") if path.is_file())
        return code, {str(path.relative_to(tmp_path / out)): path.read_bytes() for path in files}

    code, first = call("a", "confounded")
    assert code == 0
    assert "truth/incremental_revenue.csv" in first
    assert call("b", "confounded") == (0, first)
    assert call("a", "confounded") == (2, first)
    assert call("c", "lucky") == (2, {})
