"""Rows that are added up and stand in a file twice, cell by cell: once more, or one more part."""

from __future__ import annotations

from pipelines.lake import Receipt
from tests.land.conftest import Landing
from tests.land.files import text

HEAD = ["Campaign name", "Ad set name", "Ad name", "Age", "Day", "Impressions", "Amount spent (EUR)"]


def of(*rows: str, age: bool) -> bytes:
    lines = [[*row.split(",")[:4], "2026-02-10", *row.split(",")[4:]] for row in rows]
    return text([line if age else [*line[:3], *line[4:]] for line in (HEAD, *lines)])


def read(receipt: Receipt) -> tuple[int, int, int, dict[str, float]]:
    totals = {found.metric: float(found.total) for found in receipt.totals if found.total is not None}
    return receipt.rows_loaded, receipt.rows_quarantined, receipt.rows_ignored, totals


PARTS = ["C,S,A,18-24,5,1.00", "C,S,A,25-34,7,2.00", "C,S,B,18-24,9,4.00"]


def test_a_row_whose_part_is_told_is_the_same_again(land_bytes: Landing) -> None:
    receipt = land_bytes("meta_ads/a.csv", of(*PARTS, PARTS[0], age=True))
    assert read(receipt) == (3, 0, 1, {"impressions": 21, "spend": 7})
    assert any("counts once" in warning for warning in receipt.warnings)


def test_without_the_column_of_the_breakdown_nobody_knows(land_bytes: Landing) -> None:
    """Two ages may have had the same five impressions: neither 12 nor 17 is sure, and ad B does not suffer."""
    receipt = land_bytes("meta_ads/a.csv", of(*PARTS, PARTS[0], age=False))
    assert read(receipt) == (1, 3, 0, {"impressions": 9, "spend": 4})
    assert {row.row_number for row in receipt.quarantine} == {2, 3, 5}
    assert "twice, cell by cell" in receipt.quarantine[0].reason
    assert "broken down" in receipt.quarantine[0].reason


def test_parts_of_nothing_stay(land_bytes: Landing) -> None:
    nothing = ["C,S,A,35-44,0,0.00", "C,S,A,45-54,0,0.00"]
    assert read(land_bytes("meta_ads/a.csv", of(*PARTS, *nothing, age=False))) == (
        5, 0, 0, {"impressions": 21, "spend": 7},
    )  # fmt: skip


def test_where_nothing_is_in_parts_a_row_is_the_same_again(land_bytes: Landing) -> None:
    rows = [PARTS[0], PARTS[2]]
    assert read(land_bytes("meta_ads/a.csv", of(*rows, *rows, age=False))) == (
        2, 0, 2, {"impressions": 14, "spend": 5},
    )  # fmt: skip
