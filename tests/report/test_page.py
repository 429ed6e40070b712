"""The page: alone in its file, well-formed, and its figures are those of SQL."""

from __future__ import annotations

import re
import shutil

import duckdb
import pytest

from pipelines.errors import SocialRoiError
from pipelines.report import figures, write_report
from pipelines.settings import Home
from tests.report.company import MODELS, Company, build

LOADING = ("src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "xlink:href")


def test_nothing_is_loaded_from_anywhere(report, page):
    for tag, given in page.elements:
        assert tag not in ("script", "iframe", "object", "embed", "img", "base", "form"), tag
        assert not set(given) & set(LOADING), given
        assert not [name for name in given if name.startswith("on")], given
        if "href" in given:
            own = (tag, given["href"]) in (("link", "data:,"), ("a", "../state/runs.html"))
            assert own or (tag == "a" and given["href"].startswith("https://"))
    text = report.read_text(encoding="utf-8")
    styles = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert len(styles) == 1
    assert "@import" not in styles[0]
    assert all(target.startswith("#") for target in re.findall(r"url\((.*?)\)", styles[0]))
    policy = next(given["content"] for tag, given in page.elements if given.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_markup_closes_what_it_opens_and_ids_are_unique(page):
    assert page.open_elements == []
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(ids) == len(set(ids))
    for _, given in page.elements:
        for name in given.get("aria-labelledby", "").split():
            assert name in ids


def test_pictures_are_told_in_words_and_tables_have_headings(page):
    tags = [tag for tag, _ in page.elements]
    charts = [given for tag, given in page.elements if tag == "svg" and given.get("class") == "chart"]
    assert len(charts) == 2 * (5 * len(MODELS) + 5)
    assert all(given["role"] == "img" and given["aria-labelledby"] for given in charts)
    assert tags.count("desc") == len(charts)
    assert all(given.get("scope") in ("col", "row") for tag, given in page.elements if tag == "th")
    assert tags.count("h1") == 1


@pytest.mark.parametrize("model", MODELS)
def test_network_figures_are_those_of_sql(page, published, model):
    wanted = published.execute(
        """select network, sum(revenue_credited), sum(cost), sum(conversions_credited)
        from published.fct_network_roi_daily where model = ? group by network""",
        [model],
    ).fetchall()
    assert len(wanted) == 8
    for network, revenue, cost, conversions in wanted:
        row = page.rows[model, f"data-network={network}"]
        assert row[1] == figures.money(revenue)
        assert row[2] == ("no cost declared" if cost is None else figures.money(cost))
        assert row[3] == ("—" if cost is None else f"{revenue / cost:,.2f}×")
        assert row[4] == figures.percent(None if cost is None else float((revenue - cost) / cost))
        assert row[5] == figures.credit(conversions)
    total = page.rows[model, "data-network=(total)"]
    revenue = sum(row[1] for row in wanted)
    cost = sum(row[2] for row in wanted if row[2] is not None)
    compared = sum(row[1] for row in wanted if row[2] is not None)
    assert total[1:4] == [figures.money(revenue), figures.money(cost), f"{compared / cost:,.2f}×"]


@pytest.mark.parametrize("model", MODELS)
def test_other_channels_and_no_touch_are_those_of_sql(page, published, model):
    wanted = published.execute(
        """select channel, sum(revenue_credited), sum(credit) from published.fct_attributed_revenue
        where model = ? and network is null group by channel""",
        [model],
    ).fetchall()
    assert "(none)" in {row[0] for row in wanted}
    for channel, revenue, credit in wanted:
        row = page.rows[model, f"data-channel={channel}"]
        assert row[1] == figures.money(revenue)
        assert row[3] == figures.credit(credit)


def test_sales_without_a_rate_are_counted_in_their_own_currency(page, published):
    wanted = published.execute(
        """select original_currency, count(*), sum(original_amount) from published.fct_conversions
        where revenue is null group by original_currency"""
    ).fetchall()
    assert len(wanted) == 2
    found = {key[1]: row for key, row in page.rows.items() if key[1].startswith("data-unrated")}
    for currency, conversions, amount in wanted:
        assert found[f"data-unrated={currency}"][1:] == [figures.whole(conversions), figures.money(amount)]


def test_freshness_names_last_day_and_last_file(page, published):
    found = {key[1]: row for key, row in page.rows.items() if key[1].startswith("data-fresh")}
    wanted = published.execute(
        "select network, max(metric_date) from published.fct_action_metrics_daily group by network"
    ).fetchall()
    for network, last_day in wanted:
        row = found[f"data-fresh={network}"]
        assert row[1] == figures.day(last_day)
        assert row[4:] == [f"{network}/main/export-2.csv", "1 Sep 2026"]


def test_open_files_say_why_and_what_to_do(page):
    assert "the days have no year" in page.text
    assert "under answers in roi.yml" in page.text
    assert "cut off after 12 kB" in page.text
    assert "x/old-name.csv" not in page.text, "a file that was replaced by a good one is no longer refused"


def test_rows_set_aside_and_failed_checks(page):
    assert "13 rows could not be read" in page.text
    assert "1.47689E+18" in page.text
    assert "1 of 3 checks did not hold" in page.text
    assert "2 currencies: XAF, ARS" in page.text
    assert "yesterday failed too" not in page.text


def test_credit_is_told_from_cause_with_period_and_reach(page):
    assert "Credit is not cause." in page.text
    assert "Evidence: credit only" in page.text
    assert "5 Mar 2026 to 31 Aug 2026 · data through 31 Aug 2026" in page.text


def test_metrics_that_a_network_does_not_report_are_a_dash(report):
    text = report.read_text(encoding="utf-8")
    posts = re.findall(r'<td class="post">.*?</tr>', text, re.S)
    silent = [post for post in posts if "<b>YouTube</b>" in post]
    assert silent
    for post in silent:
        assert '<td class="n" data-label="Link clicks">—</td>' in post
        assert '<td class="n" data-label="Impressions">—</td>' not in post


def test_the_currency_is_the_settings_one(home, tmp_path):
    other = Home(tmp_path)
    other.published.mkdir()
    shutil.copy(home.published / "roi.duckdb", other.published)
    other.settings_file.write_text("currency: CHF\n", encoding="utf-8")
    text = write_report(other).read_text(encoding="utf-8")
    assert "Money in CHF" in text
    assert "EUR " not in text.replace('<th scope="row">EUR', "").replace("XAF, ARS", "")


def test_writing_again_gives_the_same_page_and_leaves_no_draft(home, report):
    before = report.read_bytes()
    assert write_report(home).read_bytes() == before
    assert sorted(path.name for path in home.published.iterdir()) == ["report.html", "roi.duckdb"]


def test_nothing_published_is_said_with_what_to_do(tmp_path):
    with pytest.raises(SocialRoiError, match=r"nothing is published yet.*social-roi run"):
        write_report(Home(tmp_path))


def test_a_reader_may_hold_the_file_open(home, published):
    assert published.execute("select count(*) from published.dim_networks").fetchone() == (8,)
    assert write_report(home).exists()


def test_campaigns_stand_with_their_cost_and_payback(page, published):
    campaigns = published.execute(
        """select network, member, revenue_credited, cost from published.fct_roi
        where model = 'linear' and dimension = 'campaign'"""
    ).fetchall()
    shown = {key: row for (model, key), row in page.rows.items() if model == "linear" and "data-campaign=" in key}
    assert len(shown) == 12 < len(campaigns)
    found = set()
    for network, member, revenue, cost in campaigns:
        row = shown.get(f"data-campaign={network}:{member}")
        if row:
            assert row[2:4] == [figures.money(revenue), figures.money(cost)]
            assert row[-1] == ("—" if cost is None else "12 days" if (revenue or 0) >= cost else "not yet")
            found.add(row[-1])
    assert len(found) > 1


def test_salespeople_have_three_kinds_of_revenue_apart(page):
    rows = {key: row for (_, key), row in page.rows.items() if key.startswith("data-seller=")}
    assert rows["data-seller=ada"] == ["ada", "3", "200.00", "900.00", "1,500.00", "50.00"]
    assert rows["data-seller=ben"] == ["ben", "2", "—", "—", "—", "—"]


def test_a_month_says_what_it_said_when_it_was_first_complete_and_why_it_says_otherwise_now(page):
    assert page.rows["linear", "data-said=2026-04-01"] == [
        "Apr 2026", "2 May 2026", "150.00", "165.00", "15.00",
        "touches that were not known 25.00, refunds and cancellations −10.00",
    ]  # fmt: skip
    assert ("linear", "data-said=2026-05-01") not in page.rows, "nothing else is said of May"


def test_figures_that_exports_do_not_agree_on_are_shown_the_largest_first(page):
    rows = [(key, row) for (_, key), row in page.rows.items() if key.startswith("data-disagreement=")]
    assert rows == [
        ("data-disagreement=X:impressions",
         ["X", "impressions", "the network's own export, not a tool's", "2", "100", "140"]),
        ("data-disagreement=LinkedIn:reactions", ["LinkedIn", "reactions", "the later export", "1", "1,000", "990"]),
    ]  # fmt: skip


def test_a_publication_without_these_tables_has_no_such_sections(tmp_path):
    home = Home(tmp_path)
    database = build(home.published / "roi.duckdb", Company(conversions=50, days=30, actions=5, models=("linear",)))
    with duckdb.connect(str(database)) as connection:
        for table in ("fct_roi", "fct_seller_pipeline", "fct_reported_history", "fct_reported_changes"):
            connection.execute(f"drop table published.{table}")
        connection.execute("drop table published.meta_reconciliation")
    text = write_report(home).read_text(encoding="utf-8")
    assert 'id="networks"' in text
    for section in ('id="members"', 'id="said"', "Where exports do not agree"):
        assert section not in text
