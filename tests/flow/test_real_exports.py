"""The real exports beside the project, to the published tables: the numbers of the independent reading come out, and
neither the order of loading nor loading again changes any of them."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.land import land
from pipelines.load import load
from pipelines.publish import latest, table_hashes
from pipelines.run import run_all
from pipelines.settings import Home, Settings

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "exports"
SOURCES = ("x", "meta_business_suite", "linkedin", "youtube", "tiktok", "shopify")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports may not be published: they lie in ../shared"),
]


def files() -> list[Path]:
    return sorted(path for source in SOURCES for path in (EXPORTS / source).iterdir())


def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXPORTS / "expected.json").read_text(encoding="utf-8"))
    return {path: entry for path, entry in found.items() if path.split("/")[0] in SOURCES}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("real") / "home")
    land(home, Settings(), paths=[EXPORTS / source for source in SOURCES])
    run_all(home, Settings())
    return home


def current(home: Home) -> Path:
    path = latest(home)
    assert path is not None
    return path


def value(home: Home, query: str) -> Decimal:
    with duckdb.connect(str(current(home)), read_only=True) as reader:
        row = reader.execute(query).fetchone()
    assert row is not None
    return Decimal(str(row[0]))


def total(layouts: set[str], metric: str, *, network: str | None = None) -> Decimal:
    """A metric's total over files of these layouts, each content once, from the independent reading."""
    seen: dict[str, Decimal] = {}
    for entry in expected().values():
        if entry["layout"] in layouts and (network is None or entry["source"] == network):
            key = entry["period"][0] + entry["period"][1] if entry["layout"] == "linkedin_page" else entry["sha256"]
            seen[key] = Decimal(str(entry["metrics"][metric]["total"]))
    return sum(seen.values(), Decimal())


@pytest.mark.parametrize(
    ("network", "column", "layouts", "metric"),
    [
        ("x", "impressions", {"x_tweet_activity", "x_posts"}, "impressions"),
        ("x", "shares", {"x_tweet_activity", "x_posts"}, "shares"),
        ("x", "link_clicks", {"x_tweet_activity", "x_posts"}, "link_clicks"),
        ("facebook", "impressions", {"meta_posts"}, "views"),
        ("facebook", "engagements", {"meta_posts"}, "engagements"),
        ("instagram", "impressions", {"meta_posts"}, "views"),
        ("instagram", "reactions", {"meta_posts"}, "reactions"),
        ("youtube", "impressions", {"youtube_table"}, "impressions"),
        ("youtube", "video_views", {"youtube_table"}, "views"),
        ("youtube", "watch_hours", {"youtube_table"}, "watch_hours"),
    ],
)
def test_what_posts_got_is_what_the_exports_say(
    home: Home, network: str, column: str, layouts: set[str], metric: str
) -> None:
    published = value(home, f"select sum({column}) from published.fct_action_metrics_daily where network = '{network}'")
    of_network = network if "meta_posts" in layouts else None
    assert published == total(layouts, metric, network=of_network)


@pytest.mark.parametrize(
    ("network", "account", "column", "layouts", "metric"),
    [
        ("x", "LisaDeBruine", "impressions", {"x_tweet_daily"}, "impressions"),
        ("youtube", "(not stated)", "watch_hours", {"youtube_date_table"}, "watch_hours"),
        ("linkedin", "(not stated)", "impressions", {"linkedin_personal"}, "impressions"),
        ("linkedin", "(not stated)", "follows", {"linkedin_personal"}, "follows"),
    ],
)
def test_what_accounts_got_by_day_is_what_the_exports_say(
    home: Home, network: str, account: str, column: str, layouts: set[str], metric: str
) -> None:
    published = value(
        home,
        f"""select sum({column}) from published.fct_account_metrics_daily
        where network = '{network}' and account = '{account}'""",
    )
    assert published == total(layouts, metric)


def test_a_workbook_in_two_formats_counts_once(home: Home) -> None:
    published = value(
        home,
        """select sum(impressions) from published.fct_account_metrics_daily
        where network = 'linkedin' and account <> '(not stated)'""",
    )
    assert published == total({"linkedin_page"}, "impressions")


def test_posts_that_four_files_repeat_count_once(home: Home) -> None:
    views: dict[str, int] = {}
    for path in (EXPORTS / "tiktok").glob("*Content*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                views[row["Video link"]] = int(row["Total views"])
    published = value(home, "select sum(video_views) from published.fct_action_metrics_daily where network = 'tiktok'")
    assert published == sum(views.values())


def test_an_order_of_many_lines_counts_once(home: Home) -> None:
    published = value(home, "select sum(original_amount) from published.fct_conversions")
    assert published == total({"shopify_orders"}, "revenue")


def test_loading_again_changes_nothing(home: Home) -> None:
    before = table_hashes(current(home))
    land(home, Settings(), paths=[EXPORTS / source for source in SOURCES])
    assert load(home, Settings()).unchanged
    run_all(home, Settings())
    assert table_hashes(current(home)) == before


def test_loading_one_by_one_from_the_last_gives_the_same_tables(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    backwards = Home(tmp_path_factory.mktemp("backwards") / "home")
    for path in reversed(files()):
        land(backwards, Settings(), paths=[path])
        load(backwards, Settings())
    run_all(backwards, Settings())
    assert table_hashes(current(backwards)) == table_hashes(current(home))
