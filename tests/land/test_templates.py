"""The templates: typed Parquet, decimal commas, answers, and people who stay unread."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.load import load
from pipelines.schema import currencies
from pipelines.settings import Home, Settings
from tests.land.conftest import Landing
from tests.land.files import text, touches

MOMENT = dt.datetime(2026, 1, 5, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
DAY = dt.date(2026, 1, 5)
ROWS: dict[str, dict[str, Any]] = {
    "touchpoints": {"customer_id": "ada@example.com", "touched_at": MOMENT, "touch_type": "click"},
    "orders": {"order_id": 7, "customer_id": "c7", "ordered_at": MOMENT, "revenue": Decimal("10.50"),
               "currency": "EUR", "is_new_customer": True},
    "opportunities": {"opportunity_id": 7, "account_id": "acme", "stage": "lead", "entered_at": MOMENT,
                      "amount": 1000.5, "currency": "EUR", "is_won": False},
    "identities": {"anonymous_id": "a7", "customer_id": "ada@example.com", "linked_at": MOMENT},
    "costs": {"period_start": DAY, "period_end": DAY, "amount": Decimal("10.50"), "currency": "EUR",
              "cost_type": "tool"},
    "engagement_daily": {"network": "x", "action_id": 7, "metric_date": DAY, "impressions": 10, "spend": 1.5,
                         "currency": "EUR"},
    "experiments": {"experiment_id": 7, "network": "x", "design": "pause", "start_date": DAY, "end_date": DAY,
                    "currency": "EUR", "incremental_revenue": -1.5, "standard_error": 0.5},
    "geo_sales": {"metric_date": DAY, "geo": "DE-BY", "revenue": 10.5, "currency": "EUR"},
    "daily_sales": {"metric_date": DAY, "revenue": 10.5, "currency": "EUR", "holiday": True},
    "objectives": {"objective_id": 7, "name": "sell", "metric": "revenue", "period_start": DAY, "period_end": DAY,
                   "target": 10},
    "marks": {"mark_type": "Short_Link", "mark": "go.example/a", "network": "x", "action_id": 7},
    "sellers": {"seller_id": "s7", "name": "Ada Byron", "crm_owner": " ada byron "},
}  # fmt: skip


def parquet(*rows: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink)
    return sink.getvalue()


def raw(home: Home, query: str) -> list[tuple[Any, ...]]:
    load(home, Settings())
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("source", ROWS)
def test_typed_parquet(land_bytes: Landing, source: str) -> None:
    receipt = land_bytes(f"{source}/export.parquet", parquet(ROWS[source]))
    assert (receipt.status, receipt.format, receipt.rows_loaded) == ("loaded", source, 1), receipt.quarantine
    assert not receipt.warnings


def test_a_moment_in_parquet_keeps_its_offset(land_bytes: Landing, home: Home) -> None:
    land_bytes("opportunities/export.parquet", parquet(ROWS["opportunities"]))
    assert raw(home, "select opportunity_id, cast(entered_at as varchar), amount, is_won from raw.opportunities") == [
        ("7", "2026-01-05 09:00:00", Decimal("1000.500000"), False)
    ]


def test_a_truth_is_a_control_too(land_bytes: Landing, home: Home) -> None:
    land_bytes("daily_sales/export.parquet", parquet(ROWS["daily_sales"]))
    assert raw(home, "select controls from raw.daily_sales") == [('{"holiday":1.0}',)]


def test_a_moment_in_parquet_without_offset_is_refused(land_bytes: Landing) -> None:
    row = ROWS["orders"] | {"ordered_at": dt.datetime(2026, 1, 5, 10, 0)}  # noqa: DTZ001 - the point of the test
    receipt = land_bytes("orders/export.parquet", parquet(row))
    assert receipt.status == "refused"
    assert "no UTC offset" in (receipt.reason or "")


@pytest.mark.parametrize(
    ("amount", "answers", "total"),
    [
        ("1,250", {}, None),
        ("1,250", {"decimal_mark": ","}, "1.25"),
        ("1,250.00", {}, "1250"),
        ("1250.5", {}, "1250.5"),
        ("1.250", {}, "1.25"),
        ("1.250,00", {}, "1250"),
    ],
)
def test_a_comma_in_a_template_is_settled_or_asked(
    land_bytes: Landing, amount: str, answers: dict[str, str], total: str | None
) -> None:
    head = ["period_start", "period_end", "amount", "currency", "cost_type"]
    content = text([head, ["2026-01-01", "2026-01-31", amount, "EUR", "tool"]], delimiter=";")
    receipt = land_bytes("costs/costs.csv", content, **answers)
    assert receipt.status == ("loaded" if total else "needs_answer")
    assert [entry.total for entry in receipt.totals] == ([Decimal(total)] if total else [])


@pytest.mark.parametrize(
    ("source", "header", "row"),
    [
        ("orders", "order_id,customer_id,ordered_at,revenue", "1,c1,2026-01-05T10:00:00Z,10"),
        ("daily_sales", "metric_date,revenue", "2026-01-05,10"),
        ("engagement_daily", "network,action_id,metric_date,spend", "x,1,2026-01-05,10"),
    ],
)
def test_money_without_a_currency_column_is_asked_for_it(
    land_bytes: Landing, source: str, header: str, row: str
) -> None:
    asked = land_bytes(f"{source}/file.csv", f"{header}\n{row}\n")
    assert (asked.status, asked.format) == ("needs_answer", source)
    assert asked.unknown[0].startswith("currency:")
    assert land_bytes(f"{source}/file.csv", f"{header}\n{row}\n", currency="SEK").status == "loaded"


def test_a_day_of_sales_stands_in_one_row(land_bytes: Landing, home: Home) -> None:
    rows = "2026-01-05,10,EUR\n2026-01-05,90,EUR\n2026-01-06,7,EUR\n2026-01-06,7,EUR\n2026-01-06,8,SEK\n"
    receipt = land_bytes("daily_sales/regions.csv", f"metric_date,revenue,currency\n{rows}")
    assert [row.row_number for row in receipt.quarantine] == [2, 3]
    assert "what tells them apart is missing" in receipt.quarantine[0].reason
    assert raw(home, "select distinct metric_date, revenue from raw.daily_sales order by all") == [
        (dt.date(2026, 1, 6), 7), (dt.date(2026, 1, 6), 8)
    ]  # fmt: skip


def test_nothing_spent_needs_no_currency(land_bytes: Landing) -> None:
    content = "network,action_id,metric_date,impressions,spend\nx,1,2026-01-05,10,\n"
    assert land_bytes("engagement_daily/file.csv", content).status == "loaded"


def test_a_reversed_period_is_named_from_both_ends(land_bytes: Landing) -> None:
    head = "period_start,period_end,amount,currency,cost_type"
    receipt = land_bytes(
        "costs/costs.csv", f"{head}\n2026-02-01,2026-01-31,5,EUR,tool\n2026-01-01,2026-01-01,5,EUR,tool\n"
    )
    (row,) = receipt.quarantine
    assert (row.row_number, row.column_name, row.value_excerpt) == (2, "period_end", "2026-01-31")
    assert "is before 'period_start' (2026-02-01)" in row.reason


def test_people_are_kept_as_digests_that_join(land_bytes: Landing, home: Home) -> None:
    land_bytes("sellers/sellers.parquet", parquet(ROWS["sellers"]))
    land_bytes("touchpoints/touches.parquet", parquet(ROWS["touchpoints"]))
    land_bytes("identities/links.parquet", parquet(ROWS["identities"]))
    ((name, owner),) = raw(home, "select name, crm_owner from raw.sellers")
    assert name == owner
    assert name.startswith("p_")
    assert raw(home, "select count(*) from raw.touchpoints join raw.identities using (customer_id)") == [(1,)]


def test_currencies_are_those_of_iso_4217() -> None:
    assert {"EUR", "USD", "NOK", "BGN"} <= currencies()
    assert not {"XXX", "XAU", "EUQ"} & currencies()
    assert len(currencies()) > 180


@pytest.mark.parametrize("name", ["7.60632E+18", "7,60632E+18"])
def test_a_person_whose_id_a_spreadsheet_has_mangled_is_refused(land_bytes: Landing, name: str) -> None:
    receipt = land_bytes("touchpoints/a.csv", touches(customer_id=name))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (0, 1)
    assert "mangled" in receipt.quarantine[0].reason
    assert land_bytes("touchpoints/b.csv", touches(customer_id="7e18")).rows_loaded == 1
