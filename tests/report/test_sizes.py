"""From an empty publication to a large one, the page is written and says what is missing."""

from __future__ import annotations

import time
from datetime import date

import pytest

from pipelines.report import write_report
from pipelines.report.data import read_report
from pipelines.report.sql import open_publication
from pipelines.settings import Home, Settings
from tests.report.company import Company, build
from tests.report.conftest import Page

SMALL = {"days": 60, "actions": 20, "models": ("linear", "last_touch")}


def write(home: Home, company: Company) -> Page:
    build(home.published / "roi.duckdb", company)
    return Page(write_report(home).read_text(encoding="utf-8"))


def test_no_conversion_no_cost_no_file(tmp_path):
    company = Company(conversions=0, with_costs=False, with_health=False, **SMALL | {"actions": 0})
    page = write(Home(tmp_path), company)
    for said in (
        "Social media has no credited revenue yet.",
        "No conversion and no cost yet",
        "Add to the landing folder who was touched before a sale (touchpoints), the sales (orders) and what",
        "No network has reported a post yet",
        "No network has reported a metric yet",
        "No file has landed yet",
        "No check is on record",
    ):
        assert said in page.text
    assert "None" not in page.text.replace("None: every row was loaded", "")


def test_costs_without_a_single_conversion_say_nothing_of_the_return(tmp_path):
    page = write(Home(tmp_path), Company(conversions=0, **SMALL))
    row = page.rows["linear", "data-network=facebook"]
    assert row[1] == "—"
    assert row[3:5] == ["—", "—"]
    assert "Social media has no credited revenue yet, for a cost of EUR" in page.text
    assert "No conversion with a value is in the data yet" in page.text
    assert "How far the credit rules disagree" not in page.text
    assert ("linear", "data-network=youtube") not in page.rows, "neither cost nor conversion"


def test_conversions_without_any_cost(tmp_path):
    page = write(Home(tmp_path), Company(conversions=300, with_costs=False, **SMALL))
    assert page.rows["linear", "data-network=(total)"][2:5] == ["no cost declared", "—", "—"]
    assert "for a cost of" not in page.text
    assert "leave out" not in page.text


@pytest.mark.parametrize("networks", [1, 12])
def test_one_network_and_twelve(tmp_path, networks):
    page = write(Home(tmp_path), Company(networks=networks, conversions=900, **SMALL))
    shown = {key for model, key in page.rows if model == "linear" and key.startswith("data-network")}
    assert len(shown) == networks + 1
    striped = [given for _, given in page.elements if "striped" in given.get("class", "")]
    assert bool(striped) == (networks > 8)


def test_one_model_has_nothing_to_disagree_with(tmp_path):
    page = write(Home(tmp_path), Company(conversions=300, **SMALL | {"models": ("last_touch",)}))
    assert "How far the credit rules disagree" not in page.text
    assert "Rules disagree most" not in page.text
    assert [given["value"] for tag, given in page.elements if tag == "input"] == ["last_touch"]


def test_the_main_model_is_the_linear_one_where_there_is_one(tmp_path):
    page = write(Home(tmp_path), Company(conversions=300, **SMALL))
    chosen = [given["value"] for tag, given in page.elements if tag == "input" and "checked" in given]
    assert chosen == ["linear"]


@pytest.mark.parametrize(("days", "grain"), [(180, "week"), (700, "month"), (1500, "quarter"), (4500, "year")])
def test_the_time_axis_stays_readable(tmp_path, days, grain):
    build(tmp_path / "roi.duckdb", Company(conversions=400, **SMALL | {"days": days}))
    data = read_report(tmp_path / "roi.duckdb", Settings())
    assert data.grain == grain
    linear = next(result for result in data.models if result.model == "linear")
    total = sum(piece.revenue for piece in linear.slices)
    assert total == data.conversions.revenue, "social, other channels and no touch add up to all revenue"


def test_days_are_those_of_the_time_zone(tmp_path):
    build(tmp_path / "roi.duckdb", Company(conversions=400, **SMALL))
    there = read_report(tmp_path / "roi.duckdb", Settings(time_zone="Pacific/Kiritimati"))
    here = read_report(tmp_path / "roi.duckdb", Settings())
    assert here.period and there.period
    assert here.period[1] == date(2026, 5, 3)
    assert there.period[1] == date(2026, 5, 4)


def test_a_hundred_thousand_rows_are_aggregated_in_the_database(tmp_path):
    home = Home(tmp_path)
    database = build(home.published / "roi.duckdb", Company(conversions=8500))
    with open_publication(database) as connection:
        assert connection.execute("select count(*) > 100000 from published.fct_attributed_revenue").fetchone() == (
            True,
        )
    started = time.process_time()
    path = write_report(home)
    assert time.process_time() - started < 5, "seconds of processor: the clock on the wall also counts the neighbours"
    assert path.stat().st_size < 1_500_000
