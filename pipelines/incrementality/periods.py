"""The periods for which estimates are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Panel, PeriodKind

DRIFT: dict[PeriodKind, float] = {"all": 0.0, "trailing_365d": 0.08, "quarter": 0.15, "month": 0.25}
"""How far a network's effect in one period may differ from its effect over all days (standard deviation of the
logarithm): creatives and prices change, and days alone do not show it."""


@dataclass(frozen=True)
class Period:
    """First and last day, both included."""

    kind: PeriodKind
    start: date
    end: date


def days_between(dates: NDArray[np.datetime64], start: date, end: date) -> NDArray[np.bool_]:
    """(T,) which days are from ``start`` to ``end``, both included."""
    return (dates >= np.datetime64(start)) & (dates <= np.datetime64(end))


def periods_of(panel: Panel) -> list[Period]:
    """All of the panel, its last 365 days where it has more, and its quarters and months, cut where it begins and
    ends."""
    first, last = panel.dates[0].item(), panel.dates[-1].item()
    found = [Period("all", first, last)]
    if panel.days > 365:
        found.append(Period("trailing_365d", last - timedelta(days=364), last))
    for kind, months in (("quarter", 3), ("month", 1)):
        start = date(first.year, first.month - (first.month - 1) % months, 1)
        while start <= last:
            end = _after(start, months) - timedelta(days=1)
            found.append(Period("quarter" if kind == "quarter" else "month", max(start, first), min(end, last)))
            start = _after(start, months)
    return found


def _after(start: date, months: int) -> date:
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1)
