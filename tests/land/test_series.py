"""Series of days: a row that may hold a week or a month is never taken for a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.land.conftest import Landing
from tests.land.files import text
from tests.land.test_youtube import total_of

WEEKS = [str(date(2026, 1, 1) + timedelta(days=7 * n)) for n in range(5)]
MONTHS = [str(date(2026, 1 + n, 1)) for n in range(5)]


def series(days: list[str]) -> str:
    return text([["Date", "Views", "Watch time (hours)"], *([day, 700, "3.5"] for day in days)])


@pytest.mark.parametrize(("days", "word"), [(WEEKS, "week"), (MONTHS, "month"), (WEEKS[::-1], "week")])
def test_what_may_be_weeks_or_months_is_asked_for(land_bytes: Landing, days: list[str], word: str) -> None:
    receipt = land_bytes("youtube/Date.csv", series(days))
    assert (receipt.status, receipt.rows_loaded) == ("needs_answer", 0)
    first, second, *_ = sorted(days)
    assert f"a {word} apart ({first}, {second})" in (receipt.reason or "")
    assert total_of(land_bytes("youtube/Date.csv", series(days), rows_are="days"), "video_views") == 3500


@pytest.mark.parametrize("days", [[*WEEKS, "2026-01-02"], WEEKS[:3], [*MONTHS, "2026-07-01"]])
def test_days_at_other_distances_are_days(land_bytes: Landing, days: list[str]) -> None:
    assert total_of(land_bytes("youtube/Date.csv", series(days)), "video_views") == 700 * len(days)
