"""A network that is gone: its history is published, and nothing cries that it is not fresh."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.settings import Home
from tests.land.files import text, tweet, tweets

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
FIXTURE = Path(__file__).parents[1] / "fixtures" / "google_plus" / "one_post.json"


def test_a_retired_network_is_never_behind(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    today = datetime.now(UTC).date().isoformat()
    for path, content in {
        "google_plus/acme/post.json": FIXTURE.read_text(encoding="utf-8"),
        "x/acme/export.csv": text([tweets()[0], tweet(0, "10", day=today)]),
    }.items():
        (home.landing / path).parent.mkdir(parents=True)
        (home.landing / path).write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, ["--home", str(home.root), "--json", "run"], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    with duckdb.connect(str(home.published / "roi.duckdb"), read_only=True) as connection:
        networks = connection.execute("select network, status from published.dim_networks").fetchall()
        daily = connection.execute(
            "select network, sum(reactions) from published.fct_action_metrics_daily group by all order by all"
        ).fetchall()
        fresh = connection.execute(
            "select success from published.meta_checks where expectation = 'networks_fresh'"
        ).fetchall()
    assert {("google_plus", "retired"), ("vine", "retired"), ("x", "active")} <= set(networks)
    assert daily == [("google_plus", 12), ("x", 3)]
    assert fresh == [(True,)]
    told = CliRunner().invoke(main, ["--home", str(home.root), "--json", "status"], catch_exceptions=False)
    behind = {row["network"]: row["days_behind"] for row in json.loads(told.stdout)["freshness"]}
    assert behind == {"google_plus": None, "x": 0}
