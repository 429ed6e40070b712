"""The table for the command line, on rows worked by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import SocialRoiError
from pipelines.report import cost_note, roi_table, total_row
from tests.report.company import Company, build
from tests.report.publication import SCHEMA

ROWS = """
insert into published.dim_networks values
    ('a', 'Alpha', 'active', null), ('b', 'Beta', 'active', null), ('c', 'Gamma', 'active', null),
    ('d', 'Delta', 'active', null), ('e', 'Epsilon', 'active', null);
insert into published.fct_network_roi_daily (model, network, metric_date, cost, conversions_credited, revenue_credited)
values
    ('linear', 'a', '2026-01-01', 10, 1.5, 100.000001),
    ('linear', 'a', '2026-01-02', 15, 0.5, null),
    ('linear', 'b', '2026-01-01', null, 2, 50),
    ('linear', 'c', '2026-01-01', 40, 0, null),
    ('linear', 'd', '2026-01-01', null, 0, null),
    ('linear', 'e', '2026-01-01', 5, 1, null),
    ('linear', null, '2026-01-01', 30, 3, 999),
    ('last_touch', 'a', '2026-01-01', 10, 7, 700);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "roi.duckdb"
    connection = duckdb.connect(str(path))
    for statement in filter(str.strip, (SCHEMA + ROWS).split(";")):
        connection.execute(statement)
    connection.close()
    return path


def test_rows(database):
    rows = {row.network: row for row in roi_table(database, "linear")}
    assert list(rows) == ["a", "b", "c", "e", "(not stated)"], "neither cost nor conversion: left out"
    assert rows["a"].display_name == "Alpha"
    assert (rows["a"].cost, rows["a"].revenue_credited) == (Decimal("25"), Decimal("100.000001"))
    assert rows["a"].conversions_credited == Decimal("2")
    assert rows["a"].roas == pytest.approx(4.00000004)
    assert rows["a"].roi == pytest.approx(3.00000004)


def test_no_cost_is_unknown_and_not_zero(database):
    row = {row.network: row for row in roi_table(database, "linear")}["b"]
    assert (row.cost, row.roas, row.roi) == (None, None, None)
    assert row.revenue_credited == Decimal(50)


def test_cost_without_conversion_earned_nothing(database):
    row = {row.network: row for row in roi_table(database, "linear")}["c"]
    assert (row.revenue_credited, row.roas, row.roi) == (Decimal(0), 0.0, -1.0)


def test_conversions_without_a_rate_have_unknown_revenue(database):
    row = {row.network: row for row in roi_table(database, "linear")}["e"]
    assert (row.conversions_credited, row.revenue_credited, row.roas) == (Decimal(1), None, None)


def test_costs_of_no_network_stand_apart_without_revenue(database):
    row = {row.network: row for row in roi_table(database, "linear")}["(not stated)"]
    assert (row.cost, row.display_name, row.conversions_credited) == (Decimal(30), "No network stated", Decimal(0))
    assert (row.roas, row.roi) == (None, None), "a cost of no one network is no network's failure"


def test_total_adds_up_and_compares_like_with_like(database):
    total = total_row(roi_table(database, "linear"))
    assert total.cost == Decimal(100)
    assert total.revenue_credited == Decimal("150.000001")
    assert total.conversions_credited == Decimal(5)
    assert total.roas == pytest.approx(100.000001 / 100), "revenue without a declared cost is left out"


def test_costs_without_a_rate_leave_no_ratio(database):
    connection = duckdb.connect(str(database))
    connection.execute("alter table published.fct_network_roi_daily add column costs_without_rate bigint default 0")
    connection.execute("update published.fct_network_roi_daily set costs_without_rate = 1 where network = 'c'")
    connection.close()
    rows = roi_table(database, "linear")
    priced = {row.network: row for row in rows}
    assert (priced["c"].roas, priced["c"].costs_without_rate) == (None, 1)
    assert priced["a"].roas == pytest.approx(4.00000004)
    assert total_row(rows).roas is None
    assert cost_note(rows) == "Costs of Gamma lack an exchange rate, so the total has no ROAS and no ROI."


def test_the_note_names_what_the_total_leaves_out(database):
    assert cost_note(roi_table(database, "linear")) == (
        "ROAS and ROI of the total leave out Beta: no cost is declared there."
    )
    assert cost_note(roi_table(database, "last_touch")) is None


def test_total_of_nothing():
    total = total_row([])
    assert (total.cost, total.revenue_credited, total.roas, total.roi) == (None, None, None, None)


def test_each_model_has_its_own_rows(database):
    assert [row.revenue_credited for row in roi_table(database, "last_touch")] == [Decimal(700)]
    assert roi_table(database, "unheard_of") == []


def test_total_equals_sql_on_a_whole_company(tmp_path):
    path = build(tmp_path / "roi.duckdb", Company(conversions=500))
    wanted = (
        duckdb.connect(str(path), read_only=True)
        .execute(
            "select sum(revenue_credited), sum(cost) from published.fct_network_roi_daily where model = 'time_decay'"
        )
        .fetchone()
    )
    total = total_row(roi_table(path, "time_decay"))
    assert (total.revenue_credited, total.cost) == wanted


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(SocialRoiError, match=r"not of this version.*Run `social-roi run"):
        roi_table(path, "linear")
