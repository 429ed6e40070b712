"""What of the evidence can be used, and in words why the rest cannot and what would help."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats, LiftTest, Panel
from pipelines.incrementality.shapes import carried, usual_kernel
from pipelines.incrementality.timeseries import LEAST_DAYS, LEAST_WEEKS, SeriesFit

LEAST_CHANGE = 0.05
"""Activity whose standard deviation is a smaller part of its mean than this is always on at the same level."""
ALIKE = 0.98
"""Two networks whose activities correlate more than this cannot be told apart by days."""
YEARLY_ERROR = 0.10
"""What a test found holds for its own days; for each year between them and the middle of the panel it is off by so much
of itself (standard deviation), beside what any test is off by (``witnesses.SHARED``)."""
MOST_RETURN, SURELY = 20, 3.0
"""No network brings so many times its cost; that it seems to is said by so many standard errors."""
DOUBTFUL = (
    f"it seems to bring more than {MOST_RETURN} times what it cost: look whether its cost is whole and in the "
    "reporting currency; until then it is weighed as if none were declared"
)
MOST_SILENT = 28
"""Days at an end of the panel without a report, after which one is missed."""
CAMPAIGN_ERROR = 0.4
"""By how much of itself a network may be off when only a small campaign of it was tested."""


def usable_activity(panel: Panel) -> tuple[NDArray[np.bool_], dict[int, str]]:
    """Which networks' activity can be weighed against the days, and why the others' cannot."""
    reasons: dict[int, str] = {}
    count = len(panel.networks)
    if why := too_short(panel):
        return np.zeros(count, bool), dict.fromkeys(range(count), why)
    for place in range(count):
        activity = panel.activity[:, place]
        if not np.isfinite(activity).any() or np.nanmax(activity) <= 0:
            reasons[place] = "no daily activity is reported: load the network's export by day or by post"
        elif np.std(known(activity)) < LEAST_CHANGE * np.mean(known(activity)):
            reasons[place] = (
                "its activity is the same every day, so that days say nothing: pause it for two weeks, or test it"
            )
    for place in range(count):
        twin = next((other for other in range(count) if _are_alike(panel, place, other, reasons)), None)
        if twin is not None:
            reasons[place] = (
                f"its activity goes up and down with that of {panel.networks[twin]}: run one without the other for "
                "some weeks, or test one of them"
            )
    return np.array([place not in reasons for place in range(count)]), reasons


def too_short(panel: Panel) -> str | None:
    """Why a panel says nothing for want of days, or of weeks where sales are known by week; None where it does."""
    seen = len(panel.observed(panel.revenue))
    unit, least = ("days", LEAST_DAYS) if panel.weeks_from is None else ("weeks", LEAST_WEEKS)
    return f"only {seen} {unit} of sales: {least} are needed before {unit} say anything" if seen < least else None


def doubtful_costs(panel: Panel, series: SeriesFit | None, tests: Sequence[LiftTest]) -> frozenset[int]:
    """The networks of which days, or a test of their own, surely speak of many times what they are said to have cost;
    all of those that cost anything where days do so of them together. Either costs lack something or are in another
    unit than revenue, or demand moves activity more than anything else: what is known of the returns of other companies
    is then no measure."""
    costs = np.array([panel.cost_of(place) or 0.0 for place in range(len(panel.networks))])
    most, is_found = MOST_RETURN * costs, np.zeros(len(costs), bool)
    if series is not None:
        paid = (costs > 0) & series.known
        together = series.mean[paid].sum() - SURELY * np.sqrt((series.error[paid] ** 2).sum())
        is_found = paid & ((series.mean - SURELY * series.error > most) | (together > most[paid].sum()))
    for test in tests:
        place, part = panel.networks.index(test.network), ((test.end - test.start).days + 1) / panel.days
        least = test.incremental_revenue - SURELY * test.standard_error
        is_found[place] |= bool(costs[place] > 0 and least > most[place] * min(part, 1.0))
    return frozenset(map(int, np.flatnonzero(is_found)))


def silences(panel: Panel) -> list[list[str]]:
    """For each network, that nothing is reported of it at an end of the panel, which is read as no activity."""
    found: list[list[str]] = [[] for _ in panel.networks]
    for said, activity in zip(found, panel.activity.T, strict=True):
        places = np.flatnonzero(np.isfinite(activity))
        if not len(places):
            continue
        ends = (("before", places[0], places[0]), ("after", places[-1], panel.days - 1 - places[-1]))
        said += [
            f"nothing is reported of it {side} {panel.dates[place]}, which is taken for no activity: load its export "
            "of these days if there was any"
            for side, place, days in ends
            if days > MOST_SILENT
        ]
    return found


def known(activity: Floats) -> Floats:
    """Activity with nothing on the days of which nothing is reported, nor below nothing where a count was corrected."""
    found: Floats = np.maximum(np.nan_to_num(activity), 0.0)
    return found


def _are_alike(panel: Panel, place: int, other: int, reasons: dict[int, str]) -> bool:
    twins = "goes up and down with"
    if place == other or any(each in reasons and twins not in reasons[each] for each in (place, other)):
        return False
    first, second = (carried(known(panel.activity[:, each]), usual_kernel(panel.every)) for each in (place, other))
    return bool(np.corrcoef(first, second)[0, 1] > ALIKE)


def usable_tests(panel: Panel, tests: tuple[LiftTest, ...]) -> tuple[list[LiftTest], dict[str, list[str]]]:
    """The tests that can be used, and by network why others cannot."""
    first, last = panel.dates[0].item(), panel.dates[-1].item()
    kept: list[LiftTest] = []
    notes: dict[str, list[str]] = {}
    for test in tests:
        why = None
        if test.network not in panel.networks:
            continue
        if not (np.isfinite(test.incremental_revenue) and test.standard_error > 0):
            why = "has no standard error above 0: state it, or leave it and the result empty and give geo_sales"
        elif test.end < first or test.start > last:
            why = f"lies outside the days of the data ({first} to {last}): load the sales of its days, or test again"
        if why:
            notes.setdefault(test.network, []).append(f"test {test.experiment_id} is left aside: it {why}")
        else:
            kept.append(test)
    return kept, notes


def relative_error(panel: Panel, test: LiftTest, *, share: float, apart: float) -> float:
    """What the effect on a test's days may differ from that on all days, as a part of itself (standard deviation).

    Args:
        share: of what the network caused, the part that the test saw: a test of one campaign says less of the network.
        apart: how far shapes of effect disagree on which part of it fell into the test, as a part of that. A short test
            and one at a level of activity far from the usual are where they disagree.
    """
    middle = test.start.toordinal() + (test.end.toordinal() - test.start.toordinal()) / 2
    center = panel.dates[0].item().toordinal() + panel.days / 2
    years = abs(middle - center) / 365.25
    return float(np.sqrt((YEARLY_ERROR * years) ** 2 + apart**2 + (CAMPAIGN_ERROR * (1 - share)) ** 2))
