"""A report by age or by placement may hold a row for all of them: its numbers are those of the others once more."""

from __future__ import annotations

import pytest

from pipelines.lake import Receipt
from tests.land.conftest import Landing
from tests.land.files import text

HEAD = ["Campaign name", "Ad set name", "Ad name", "Age", "Day", "Impressions", "Link clicks", "Amount spent (EUR)"]


def of(*rows: str) -> bytes:
    return text([HEAD, *([*row.split(",")[:4], "2026-02-10", *row.split(",")[4:]] for row in rows)])


def read(receipt: Receipt) -> tuple[int, int, object]:
    spend = next((float(str(found.total)) for found in receipt.totals if found.metric == "spend"), None)
    return receipt.rows_loaded, receipt.rows_ignored, spend


@pytest.fixture(params=["10000000", "0"], ids=["row after row", "in the engine"])
def land(request: pytest.FixtureRequest, land_bytes: Landing, monkeypatch: pytest.MonkeyPatch) -> Landing:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", request.param)
    return land_bytes


@pytest.mark.parametrize("word", ["All", "Tous", "すべて"])
def test_a_row_for_all_ages_is_a_total(land: Landing, word: str) -> None:
    rows = [f"Spring,S,A,{word},300,3,4.00", "Spring,S,A,18-24,100,1,1.50", "Spring,S,A,25-34,200,2,2.50"]
    other = "Brand,S,B,All,70,7,7.00"
    assert read(land("meta_ads/a.csv", of(*rows, other))) == (3, 1, 11.0)  # the other ad is not told by age


def test_so_is_one_for_all_ads_if_its_numbers_are_theirs(land: Landing) -> None:
    rows = ["Spring,S,A,18-24,100,1,1.50", "Spring,S,A,25-34,200,2,2.50", "Spring,S,B,18-24,50,1,1.00"]
    wholes = ["All,All,All,All,350,4,5.00", "Spring,All,All,All,350,4,5.00", "Spring,S,All,All,350,4,5.00"]
    assert read(land("meta_ads/a.csv", of(*wholes, *rows, "Spring,S,A,All,300,3,4.00"))) == (3, 4, 5.0)


def test_an_ad_may_be_called_all(land: Landing) -> None:
    rows = ["Spring,S,A,18-24,100,1,1.50", "Spring,S,B,18-24,200,2,2.50", "Spring,S,All,18-24,120,3,2.00"]
    assert read(land("meta_ads/a.csv", of(*rows))) == (3, 0, 6.0)


@pytest.mark.parametrize("word", ["Media", "Average", "Durchschnitt"])
def test_a_row_of_averages_counts_for_nothing(land: Landing, word: str) -> None:
    rows = ["Spring,S,A,18-24,2504,75,23.52", "Spring,S,B,18-24,301,10,5.01"]
    means = [f"{word},,,,1402.5,42.5,14.27", f"{word},{word},{word},,1402,42,14.26"]
    for mean in means:
        assert read(land("meta_ads/a.csv", of(*rows, mean, "Total,,,,2805,85,28.53"))) == (2, 2, 28.53)


def test_a_campaign_may_be_called_so(land: Landing) -> None:
    rows = ["Media,S,A,18-24,2504,75,23.52", "Spring,S,B,18-24,300,10,5.00"]
    assert read(land("meta_ads/a.csv", of(*rows))) == (2, 0, 28.52)
