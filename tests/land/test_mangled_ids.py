"""Ids that a spreadsheet has mangled are never ids, in whatever column they stand and whatever is made of them."""

from __future__ import annotations

import pytest

from tests.land.conftest import Landing
from tests.land.files import text

ADS = ["Ad name", "Campaign name", "Amount spent (EUR)", "Impressions", "Day"]
LONG = ["7606318361739264123", "7606318361739264124", "7606318361739264125"]
ROUNDED = ["760631836173926000", "760631836173927000", "760631836173928000"]


def ads(*ids: str, campaign: str = "Spring") -> list[list[str]]:
    rows = [["Shoes", campaign, "1.25", "100", f"2026-02-1{n}"] for n in range(len(ids))]
    return [["Ad ID", *ADS], *([each, *row] for each, row in zip(ids, rows, strict=True))]


def reasons(land_bytes: Landing, path: str, rows: list[list[str]], **answers: object) -> list[str]:
    receipt = land_bytes(path, text(rows).encode(), **answers)
    assert receipt.rows_quarantined == len(receipt.quarantine) == receipt.rows_read - receipt.rows_loaded
    return [row.reason for row in receipt.quarantine]


@pytest.mark.parametrize("mangled", ["7.60632E+18", "7,60632E+18", "8E+18", "7.606318361739264e18", "7.606e+18"])
def test_no_name_stands_in_for_a_mangled_id(land_bytes: Landing, mangled: str) -> None:
    [reason] = reasons(land_bytes, "meta_ads/a.csv", ads(LONG[0], mangled))
    assert "'Ad ID'" in reason
    assert "mangled" in reason


def test_no_id_is_made_of_a_mangled_name(land_bytes: Landing) -> None:
    rows = [row[1:] for row in ads(*LONG[:2], campaign="1.20213E+17")]
    rows[2][1] = "Spring"
    [reason] = reasons(land_bytes, "meta_ads/a.csv", rows)
    assert "action_id" in reason


def test_ids_that_all_end_in_zeros_were_rounded(land_bytes: Landing) -> None:
    assert len(reasons(land_bytes, "meta_ads/a.csv", ads(*ROUNDED))) == 3
    assert reasons(land_bytes, "meta_ads/b.csv", ads(*ROUNDED[:2], LONG[2])) == []


def test_a_mangled_text_is_no_key(land_bytes: Landing) -> None:
    head = ["period_start", "period_end", "amount", "currency", "cost_type", "campaign"]
    row = ["2026-02-01", "2026-02-28", "10.00", "EUR", "ad_spend"]
    [reason] = reasons(land_bytes, "costs/a.csv", [head, [*row, "Spring"], [*row, "1.20213E+17"]])
    assert "'campaign'" in reason
    assert len(reasons(land_bytes, "costs/b.csv", [head, *([*row, each] for each in ROUNDED)])) == 3


def test_a_rounded_person_is_nobody(land_bytes: Landing) -> None:
    head = ["touch_id", "customer_id", "touched_at"]
    rows = [[str(n), each, f"2026-02-0{n}T10:00:00Z"] for n, each in enumerate(ROUNDED, 1)]
    assert len(reasons(land_bytes, "touchpoints/a.csv", [head, *rows])) == 3
