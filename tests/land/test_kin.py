"""Rows of one file that speak of one thing: never half a sum, never one of two that disagree."""

from __future__ import annotations

import pytest

from pipelines.lake import Receipt
from tests.land.conftest import Landing
from tests.land.files import text, tweets

ADS = ["Ad ID", "Ad name", "Gender", "Amount spent (EUR)", "Impressions", "Day"]
SPLIT = [
    ["11", "Shoes", "female", "1.25", "100", "2026-02-10"],
    ["11", "Shoes", "male", "2.25", "200", "2026-02-10"],
    ["12", "Hats", "male", "3.25", "300", "2026-02-10"],
]


def held(receipt: Receipt) -> set[int]:
    return {row.row_number for row in receipt.quarantine}


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (SPLIT[1], set()),
        (["11", "Shoes", "male", "2.25", "#REF!", "2026-02-10"], {2, 3}),
        (["11", "Shoes", "male", "2.25", "200", "abc"], {2, 3}),
        (["11", "stray", "Shoes", "male", "2.25", "200", "2026-02-10"], {2, 3}),
        (["99", "stray", "Shoes", "male", "2.25", "200", "2026-02-10"], {3}),
        (["7.6E+18", "Shoes", "male", "2.25", "200", "2026-02-10"], {2, 3, 4}),
    ],
)
def test_a_part_that_is_refused_takes_its_sum_with_it(
    land_bytes: Landing, broken: list[str], expected: set[int]
) -> None:
    receipt = land_bytes("meta_ads/a.csv", text([ADS, SPLIT[0], broken, SPLIT[2]]).encode())
    assert held(receipt) == expected
    assert all(row.reason for row in receipt.quarantine)


def test_a_file_cut_inside_a_sum(land_bytes: Landing) -> None:
    whole = text([ADS, *SPLIT[::2], SPLIT[1]])
    receipt = land_bytes("meta_ads/a.csv", whole[: whole.rindex("200")].encode())
    assert held(receipt) == {2, 4}


@pytest.mark.parametrize("bulk_bytes", ["1", "99999999"])
def test_of_two_that_disagree_neither_is_believed(
    land_bytes: Landing, monkeypatch: pytest.MonkeyPatch, bulk_bytes: str
) -> None:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", bulk_bytes)
    again = [*tweets(100, 200, 300), tweets(100)[1], tweets(0, 201)[2]]
    receipt = land_bytes("x/a.csv", text(again).encode())
    assert held(receipt) == {3, 6}
    assert "shares its key" in receipt.quarantine[0].reason
    assert receipt.rows_loaded == 3


@pytest.mark.parametrize(("again", "told"), [(0, []), (1, ["1 row stands"]), (2, ["2 rows stand"])])
def test_equal_parts_of_a_sum_count_once_and_are_told(land_bytes: Landing, again: int, told: list[str]) -> None:
    receipt = land_bytes("meta_ads/a.csv", text([ADS, *SPLIT, *[SPLIT[0]] * again]).encode())
    assert [warning.split(" in the file")[0] for warning in receipt.warnings] == told
    assert receipt.rows_ignored == again
    assert {total.metric: float(total.total) for total in receipt.totals}["impressions"] == 600
