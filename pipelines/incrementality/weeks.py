"""Sales that are not stated for every day: week by week, or but for the days on which a company is always closed.

Days of a stated week are read as a seventh of it, and held against effects in sums of seven: told apart by nothing but
a division they would look like seven times as much evidence, of a noise that never changes within a week.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from pipelines.incrementality.evidence import WEEK, Floats, Panel
from pipelines.incrementality.judging import known

LEAST_SEEN = 8
"""So many weeks with sales, each on the same day of the week or alike on all seven days, are no chance."""
ROUNDED = 1e-3
"""By what part of a usual day's sales the days of a divided week may differ."""
BY_WEEK = "sales are known by week alone: a row a week apart from others is taken for the seven days from its own on"
CLOSED = "sales are never stated for a {}: it is taken for a day on which nothing is sold"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Rows = list[dict[str, Any]]
"""Sales of a day each, of one or several geographies, in the order of their days."""


def by_day(rows: Rows) -> Rows:
    """Rows as they are; or, where all days that have any sales are whole weeks apart, seven for each, with a seventh of
    its sales. What is not known stays so."""
    days = sorted({row["metric_date"].toordinal() for row in rows if row["revenue"]})
    if not _are_weeks_apart(days):
        return rows
    return [
        {**row, "metric_date": row["metric_date"] + timedelta(days=day), "revenue": _seventh(row["revenue"])}
        for row in rows
        if (row["metric_date"].toordinal() - days[0]) % WEEK == 0
        for day in range(WEEK)
    ]


def with_closed_days(rows: Rows) -> tuple[Rows, str | None]:
    """Rows as they are; or, where some days of the week never have one and all others always do, with rows without
    sales for those, and what was assumed."""
    stated: dict[date, Rows] = {}
    for row in rows:
        stated.setdefault(row["metric_date"], []).append(row)
    closed = set(range(WEEK)) - {day.weekday() for day in stated}
    if not rows or not closed or max(stated) - min(stated) < timedelta(days=LEAST_SEEN * WEEK):
        return rows, None
    for place in range((max(stated) - min(stated)).days):
        day = min(stated) + timedelta(days=place)
        if day not in stated:
            if day.weekday() not in closed:
                return rows, None
            stated[day] = [{**row, "metric_date": day, "revenue": 0} for row in stated[day - timedelta(days=1)]]
    said = " or ".join(WEEKDAYS[day] for day in sorted(closed))
    return [row for day in sorted(stated) for row in stated[day]], CLOSED.format(said)


def _seventh(revenue: Any) -> float | None:
    return None if revenue is None else float(revenue) / WEEK


def in_weeks(panel: Panel) -> Panel:
    """A panel as it is, or, where its sales are known week by week, with the first day of its first whole week, and
    with sales and activity that are the same on all days of a week."""
    first = _first_week(panel.revenue)
    if first is None:
        return panel
    by_week = replace(panel, weeks_from=first)
    whole = slice(first, first + len(by_week.observed(panel.revenue)) * WEEK)

    def even(by_day: Floats) -> Floats:
        found = by_day.astype(float)
        found[whole] = np.repeat(by_week.observed(by_day) / WEEK, WEEK, axis=0)
        return found

    nothing = np.isnan(panel.activity).all(axis=0)
    activity = np.where(nothing, np.nan, even(known(panel.activity)))
    return replace(by_week, revenue=even(panel.revenue), activity=activity)


def _first_week(revenue: Floats) -> int | None:
    """The place of the first whole week's first day, where sales (T,) are known by week."""
    places = np.flatnonzero(revenue)
    if _are_weeks_apart(places.tolist()):
        return int(places[0] % WEEK)
    most = ROUNDED * abs(float(revenue.mean()))
    for first in range(WEEK):
        weeks = revenue[first : first + (len(revenue) - first) // WEEK * WEEK].reshape(-1, WEEK)
        if len(np.unique(weeks[:, 0])) >= LEAST_SEEN and np.ptp(weeks, axis=1).max() <= most:
            return first
    return None


def _are_weeks_apart(days: list[int]) -> bool:
    return len(days) >= LEAST_SEEN and not any(np.diff(days) % WEEK)
