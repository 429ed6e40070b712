"""Days that Excel wrote into plain text as the numbers it keeps them by."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.settings import Home
from tests.land.conftest import Landing
from tests.land.files import text, tweets
from tests.land.test_bad_text import total

DAYS = [["Date", "Tweets published", "impressions"], [44197, 1, 5], [44198, 1, 6]]


@pytest.fixture(autouse=True, params=["1", "99999999"], ids=["by the engine", "row by row"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", request.param)


def test_a_column_of_serials_is_read_and_told_of(land_bytes: Landing) -> None:
    receipt = land_bytes("x/a.csv", text(DAYS))
    assert (total(receipt), receipt.period_start, receipt.period_end) == (11, "2021-01-01", "2021-01-02")
    assert any("'Date' holds days as a spreadsheet's numbers" in warning for warning in receipt.warnings)


def test_a_number_among_dates_is_none(land_bytes: Landing) -> None:
    receipt = land_bytes("x/a.csv", text([*DAYS, ["2021-01-03", 1, 7]]))
    assert (total(receipt), receipt.rows_quarantined) == (7, 2)


def test_serials_outside_of_the_files_period_are_none(land_bytes: Landing) -> None:
    receipt = land_bytes("x/daily_tweet_activity_metrics_acme_20250101_20250201_en.csv", text(DAYS))
    assert (receipt.status, receipt.rows_quarantined) == ("refused", 2)


def test_the_time_of_day_is_the_fraction(land_bytes: Landing, home: Home) -> None:
    rows = tweets("10", "20")
    at = rows[0].index("time")
    for number, row in enumerate(rows[1:]):
        row[at] = f"{44197 + number}.75"
    receipt = land_bytes("x/a.csv", text(rows))
    path = home.lake / "readings" / receipt.reading_id / "action_metrics.parquet"
    times = duckdb.sql(f"select cast(published_at as varchar) from '{path}' order by 1").fetchall()
    assert times == [("2021-01-01 18:00:00",), ("2021-01-02 18:00:00",)]


def test_numbers_beside_serials_stay_what_they_are(land_bytes: Landing) -> None:
    receipt = land_bytes("x/a.csv", text([*DAYS, [44199, 1, "1.2E+05"]]))
    assert (total(receipt), receipt.rows_quarantined) == (11, 1)
