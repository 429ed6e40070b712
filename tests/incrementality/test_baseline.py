"""The baseline: the end of the year is its own, so that campaigns which run then are not credited with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pipelines.incrementality.baseline import baseline, year_end
from pipelines.incrementality.timeseries import fit
from tests.incrementality.companies import panel


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [(2023, date(2023, 11, 24), date(2023, 11, 27)), (2024, date(2024, 11, 29), date(2024, 12, 2)),
     (2025, date(2025, 11, 28), date(2025, 12, 1))],
)  # fmt: skip
def test_black_friday_is_found_in_every_year(year: int, first: date, last: date) -> None:
    dates = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    friday, advent, between = year_end(dates)
    found = dates[friday > 0]
    assert (found[0].item(), found[-1].item(), len(found)) == (first, last, 4)
    assert (advent.sum(), between.sum()) == (23, 9)


def test_a_leap_of_sales_in_december_is_not_the_campaigns() -> None:
    company, truth = panel(7, days=730)
    _, advent, between = year_end(company.dates)
    leap = company.revenue.mean() * (0.8 * advent - 0.3 * between)
    activity = company.activity * (1 + 1.5 * advent)[:, None]
    found = fit(replace(company, revenue=company.revenue + leap, activity=activity), usable=np.ones(3, bool))
    assert found is not None
    assert np.all(np.abs(found.mean - truth) < 0.5 * truth)


def test_a_short_panel_has_no_levels_for_the_end_of_the_year() -> None:
    company, _ = panel(7, days=200)
    moved = replace(company, dates=company.dates + 260)
    assert baseline(moved).shape == baseline(company).shape
