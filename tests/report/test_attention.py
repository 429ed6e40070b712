"""What the posts got: the figures are those of SQL, what is not reported is no zero, and it stands where it should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import duckdb
import pytest

from pipelines.report import figures, write_report
from pipelines.report.attention import MEASURES, read_attention
from pipelines.report.sql import open_publication
from pipelines.settings import Home
from tests.report.company import Company, build
from tests.report.conftest import Page

SILENT = Company(days=60, actions=80, conversions=0, models=("linear", "last_touch"), with_costs=False)
IMPRESSIONS = ("impressions", "engagements", "reactions", "comments", "shares", "link_clicks", "follows")
VIDEO_VIEWS = ("video_views", *IMPRESSIONS[1:])


@pytest.fixture(scope="module")
def silent(tmp_path_factory) -> Home:
    """A company that has its networks' exports and nothing else."""
    home = Home(tmp_path_factory.mktemp("silent"))
    build(home.published / "roi.duckdb", SILENT)
    write_report(home)
    return home


@pytest.fixture
def silent_text(silent) -> str:
    return (silent.published / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A published company to change before it is read."""
    path = build(tmp_path / "roi.duckdb", SILENT)
    connection = duckdb.connect(str(path))
    connection.execute("set schema = 'published'")
    yield connection, path
    connection.close()


def read(connection: duckdb.DuckDBPyConnection, path: Path):
    connection.close()
    with open_publication(path) as publication:
        return read_attention(publication, "UTC")


def cell(total: int | None, reporting: int, most: int, noun: str) -> str:
    """A count as the page writes it: how many report it is said where it is not all."""
    partial = total is not None and reporting < most
    return figures.whole(total) + (f"from {reporting} {noun}{'' if reporting == 1 else 's'}" if partial else "")


@pytest.mark.parametrize("kind", ["post", "ad"])
def test_what_posts_and_ads_got_is_that_of_sql(page, published, kind):
    posts: dict[str, int] = dict(
        published.execute(
            "select network, count(*) from published.dim_actions where action_type = ? group by 1", [kind]
        ).fetchall()
    )
    assert len(posts) == 8
    for network, count in posts.items():
        row = page.rows[next(key for key in page.rows if key[1] == f"data-{kind}s={network}")]
        measures = VIDEO_VIEWS if network == "tiktok" else IMPRESSIONS
        lives = {}
        for measure in measures:
            found = published.execute(
                f"""select sum(m.{measure}) from published.fct_action_metrics_daily as m
                inner join published.dim_actions as a on m.action_key = a.action_key
                where a.network = ? and a.action_type = ? group by m.action_key having count(m.{measure}) > 0""",
                [network, kind],
            ).fetchall()
            lives[measure] = [value for (value,) in found]
        cells = [cell(sum(values) if values else None, len(values), count, kind) for values in lives.values()]
        seen = lives[measures[0]]
        assert row[1:] == [figures.whole(count), cells[0], figures.whole(median(seen)), *cells[1:]]


def test_not_reported_is_a_dash_and_a_reported_zero_is_zero(page):
    rows = {key[1]: row for key, row in page.rows.items()}
    assert rows["data-posts=youtube"][8] == "—", "link clicks of a network that reports none"
    assert rows["data-posts=facebook"][7] == "0", "shares that are reported as none at all"
    assert "from " in rows["data-posts=facebook"][6], "comments that only some posts report"
    assert rows["data-account=x"][2:] == [rows["data-account=x"][2], "—", "—", "—", "—", "—", "—", "0"]


def test_impressions_and_video_views_are_kept_apart(page):
    first, second = page.text.split("Networks that report video views and no impressions")
    assert "Networks that report impressions" in first
    rows = {key[1]: row for key, row in page.rows.items()}
    assert len(rows["data-posts=tiktok"]) == len(rows["data-posts=x"])
    assert rows["data-posts=tiktok"][2] not in ("—", "0")
    assert "Posts published" in second


def test_account_days_are_those_of_sql_and_labelled_as_another_count(page, published):
    rows = {key[1]: row for key, row in page.rows.items() if key[1].startswith("data-account")}
    assert set(rows) == {"data-account=linkedin", "data-account=x"}, "a network that gives only reach has no row"
    for network in ("linkedin", "x"):
        days, first, last = published.execute(
            """select count(distinct metric_date), min(metric_date), max(metric_date)
            from published.fct_account_metrics_daily where network = ?""",
            [network],
        ).fetchone()
        shown = rows[f"data-account={network}"]
        assert shown[1] == f"{days}{figures.day(first)} to {figures.day(last)}"
        for place, measure in enumerate(MEASURES, start=2):
            total, reporting = published.execute(
                f"""select sum({measure}), count(distinct case when {measure} is not null then metric_date end)
                from published.fct_account_metrics_daily where network = ?""",
                [network],
            ).fetchone()
            assert shown[place] == cell(total, reporting, days, "day")
    assert "from 30 days" in rows["data-account=linkedin"][8]
    assert "It does not add up with the figures of the posts above" in page.text


def test_people_are_never_added_up(page, published):
    reach = published.execute("select sum(reach) from published.fct_account_metrics_daily").fetchone()[0]
    assert figures.whole(reach) not in page.text
    assert "reach" not in MEASURES


def test_posts_published_are_those_of_sql_and_leave_ads_out(home, published):
    with open_publication(home.published / "roi.duckdb") as connection:
        attention = read_attention(connection, "UTC")
    assert attention.grain == "week"
    wanted = published.execute(
        """select date_trunc('week', published_at)::date, network, count(*) from published.dim_actions
        where action_type <> 'ad' group by all order by all"""
    ).fetchall()
    assert list(attention.published) == wanted


def test_the_day_of_the_export_wins_over_the_moment(changed):
    connection, path = changed
    connection.execute("alter table dim_actions add column published_date date")
    connection.execute("update dim_actions set published_date = '2019-02-03' where action_id = '1'")
    attention = read(connection, path)
    assert attention.period and figures.day(attention.period[0]) == "3 Feb 2019"


def test_posts_that_only_a_touch_names_and_things_that_are_no_post_do_not_count(changed):
    connection, path = changed
    before = connection.execute("select count(*) from dim_actions").fetchone()[0]
    connection.execute("alter table dim_actions add column is_reported boolean default true")
    connection.execute("update dim_actions set is_reported = false where action_id = '1'")
    connection.execute("update dim_actions set action_type = 'creator_code' where action_id = '2'")
    connection.execute("update dim_actions set action_type = null where action_id = '3'")
    assert sum(row.posts for row in read(connection, path).posts) == before - 2


def test_posts_without_a_day_are_counted_and_named(changed, tmp_path):
    connection, path = changed
    connection.execute("update dim_actions set published_at = null, action_type = 'post' where action_id in ('1', '2')")
    connection.close()
    home = Home(tmp_path / "home")
    home.published.mkdir(parents=True)
    path.rename(home.published / "roi.duckdb")
    assert "2 posts without a day of publication are not in this picture" in write_report(home).read_text("utf-8")


def test_a_network_that_says_neither_how_often_is_told_so(changed):
    connection, path = changed
    connection.execute("update fct_action_metrics_daily set impressions = null where network = 'x'")
    row = next(row for row in read(connection, path).posts if row.network == "x" and not row.is_ad)
    assert row.counts["impressions"].total is None
    assert row.medians == {"impressions": None, "video_views": None}


def headings(text: str) -> list[str]:
    return re.findall(r'<h2 id="(\w+)"', text)


def test_without_credit_the_posts_come_first_and_empty_pictures_are_left_out(silent_text):
    assert headings(silent_text) == ["answer", "attention", "seen", "health"]
    text = Page(silent_text).text
    assert "(touchpoints), the sales (orders) and what social cost (costs): docs/sources.md describes each" in text
    for left_out in ("Revenue over time", "Return by network", "Credit is not cause", "ROAS"):
        assert left_out not in text
    assert '<fieldset class="rules" hidden>' in silent_text
    first = re.search(r'<svg[^>]*class="chart".*?</svg>', silent_text, re.S)
    assert first and "Impressions by network" in first.group(0)
    assert "<rect" in first.group(0)


def test_with_credit_the_posts_come_after_what_earned_the_most(report):
    assert headings(report.read_text(encoding="utf-8")) == [
        "answer", "networks", "members", "time", "actions", "attention", "unattributed", "said", "health",
    ]  # fmt: skip


def test_sales_without_credit_keep_their_picture_and_no_empty_one(tmp_path):
    build(tmp_path / "published" / "roi.duckdb", SILENT)
    connection = duckdb.connect(str(tmp_path / "published" / "roi.duckdb"))
    connection.execute(
        """insert into published.fct_conversions (conversion_id, kind, converted_at, revenue, original_currency)
        values ('o1', 'order', '2026-04-01', 50, 'EUR')"""
    )
    connection.execute(
        """insert into published.fct_attributed_revenue (model, conversion_id, converted_at, channel, credit,
        revenue_credited) select unnest(['linear', 'last_touch']), 'o1', timestamp '2026-04-01', '(none)', 1, 50"""
    )
    connection.close()
    text = write_report(Home(tmp_path)).read_text(encoding="utf-8")
    assert headings(text) == ["answer", "attention", "seen", "time", "unattributed", "health"]
    assert "Not credited to a network (EUR)" in text
    assert "Credited to social networks (EUR)" not in text
    assert "the sales (<code>orders</code>)" not in text, "they are there"


def test_costs_without_credit_keep_the_return_by_network(tmp_path):
    build(tmp_path / "published" / "roi.duckdb", Company(days=60, actions=20, conversions=0, models=("linear",)))
    text = write_report(Home(tmp_path)).read_text(encoding="utf-8")
    assert headings(text) == ["answer", "attention", "seen", "networks", "health"]


@pytest.mark.parametrize(("measure", "tiktok"), [("impressions", False), ("video_views", True)])
def test_the_most_seen_posts_are_those_of_sql(silent, measure, tiktok):
    with open_publication(silent.published / "roi.duckdb") as connection:
        found = read_attention(connection, "UTC").most_seen[measure]
        wanted = connection.execute(
            f"""select a.permalink, sum(m.{measure}) as seen from published.fct_action_metrics_daily as m
            inner join published.dim_actions as a on m.action_key = a.action_key
            where a.action_type = 'post' group by all having count(m.{measure}) > 0
            order by seen desc, any_value(a.action_key) limit 10"""
        ).fetchall()
    assert [(post.permalink, post.counts[measure]) for post in found] == wanted
    assert {post.network == "tiktok" for post in found} == {tiktok}


def test_the_most_seen_posts_are_shown_without_columns_that_say_nothing(silent_text):
    section = silent_text.split('<h2 id="seen">')[1].split("</section>")[0]
    assert section.count('<td class="rank') <= 20
    views = section.split("<h3>By video views</h3>")[1]
    assert 'data-label="Video views"' in views
    assert 'data-label="Impressions"' not in views
    assert 'data-label="Engagements"' not in views


def test_rates_are_not_promised(page):
    assert "rates in landing/fx_rates" in page.text
    assert "brings them in" not in page.text
