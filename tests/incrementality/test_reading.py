"""What people saw of a network, by day, out of what posts, ads and accounts report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from pipelines.incrementality.reading import COUNTS, _activity

FIRST = date(2026, 1, 1)


def row(day: int, **counts: int) -> dict[str, Any]:
    names = [f"{kind}{name}" for name in COUNTS for kind in ("", "ads_", "account_")]
    return dict.fromkeys(names) | {"network": "x", "metric_date": FIRST + timedelta(days=day), "cost": None} | counts


def test_ads_are_seen_beside_what_the_account_reports() -> None:
    posts_and_ads = [row(day, impressions=100 + 7, ads_impressions=100) for day in (1, 2)]
    account = [row(day, account_impressions=30) for day in range(4)]
    activity, unit = _activity([*posts_and_ads, *account], ["x"], FIRST, 5)
    assert unit == ("impressions",)
    assert np.array_equal(activity[:, 0], [30, 130, 130, 30, np.nan], equal_nan=True)


def test_posts_and_ads_are_seen_where_they_speak_of_more_days_than_the_account() -> None:
    posts_and_ads = [row(day, impressions=10, ads_impressions=4) for day in range(3)]
    activity, _ = _activity([*posts_and_ads, row(0, account_impressions=99)], ["x"], FIRST, 3)
    assert np.array_equal(activity[:, 0], [10, 10, 10])


def test_what_was_spent_is_activity_where_nobody_counts_what_was_seen() -> None:
    activity, unit = _activity([row(0) | {"cost": 5.0}, row(1)], ["x"], FIRST, 2)
    assert unit == ("cost",) and np.array_equal(activity[:, 0], [5, np.nan], equal_nan=True)
