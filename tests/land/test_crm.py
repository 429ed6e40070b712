"""Exports of CRMs: nobody's name, address or words come into the lake."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Home
from tests.land.conftest import Landing
from tests.land.files import text

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted(
    path for source in ("hubspot", "salesforce", "sellers", "shopify") for path in (FIXTURES / source).glob("*.csv")
)
PERSONAL = (
    "Example",
    "example.com",
    "too dear",
    "please call",
    "call Bo",
    "+33",
    "Acme deal",
    "Acme - 1",
    "Muster",
    "192.0.2.1",
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_person_reaches_the_lake(land_bytes: Landing, home: Home, path: Path) -> None:
    land_bytes(f"{path.parent.name}/{path.name}", path.read_bytes())
    kept = [receipt.read_text(encoding="utf-8") for receipt in home.root.rglob("*.json")]
    kept += [str(duckdb.sql(f"select * from '{file}'").fetchall()) for file in home.root.rglob("*.parquet")]
    assert kept
    assert [word for word in PERSONAL if any(word in text for text in kept)] == []


def test_a_currency_that_stands_twice_counts_once_and_must_agree(land_bytes: Landing, home: Home) -> None:
    rates = "Date,USD,JPY,GBP,CHF,USD\n2026-02-03,1.0411,160.50,0.8,0.9,{}\n"
    receipt = land_bytes("fx_rates/a.csv", rates.format("1.0411"))
    assert receipt.status == "loaded", receipt.reason
    path = home.lake / "readings" / receipt.reading_id / "fx_rates.parquet"
    rows = duckdb.sql(f"select currency from read_parquet('{path}')").fetchall()
    assert sorted(rows) == [("CHF",), ("GBP",), ("JPY",), ("USD",)]
    other = land_bytes("fx_rates/b.csv", rates.format("1.2"))
    assert [row.value_excerpt for row in other.quarantine] == ["1.0411 or 1.2"]


REPORT = ["Account Name", "Opportunity Name", "Stage", "Amount", "Close Date", "Created Date"]
RENEWAL = ["Acme", "Renewal", "Closed Won", "500.00", "1/30/2024", "1/2/2024"]


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (["Acme", "Renewal", "Closed Won", "700.00", "1/30/2024", "1/2/2024"], {2, 3}),
        (["Acme", "Renewal", "Negotiation", "500.00", "1/30/2024", "1/2/2024"], {2, 3}),
        (["Acme", "Renewal", "Closed Won", "500.00", "1/30/2025", "1/2/2025"], {2, 3}),
        (["Beta", "Renewal", "Closed Won", "700.00", "1/30/2024", "1/2/2024"], set()),
        (["Acme", "Renewal", "Closed Won", "500.oo", "1/30/2024", "1/2/2024"], {2, 3}),
        ([*RENEWAL, "one cell more"], {2, 3}),
        (RENEWAL, set()),  # as a report with products has it: a row for each product
    ],
    ids=["amount", "stage", "days", "account", "an amount that is none", "a row that is longer", "the same"],
)
def test_of_two_opportunities_under_one_name_neither_is_believed(
    land_bytes: Landing, other: list[str], refused: set[int]
) -> None:
    last = ["Gamma", "New", "Closed Won", "9.00", "1/13/2024", "1/13/2024"]
    receipt = land_bytes("salesforce/report.csv", text([REPORT, RENEWAL, other, last]))
    assert {row.row_number for row in receipt.quarantine} == refused
    assert all("tells them apart" in row.reason for row in receipt.quarantine if row.row_number == 2)
