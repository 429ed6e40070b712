"""What a little more spend would bring, as a range, and advice only where tests stand behind it.

The return of one more unit of spend is the average return times the elasticity of the network's shape of saturation:
d log(effect) / d log(activity), with activity growing as spend does. Both are uncertain; they are taken to be
independent. What days say of the shape counts for half, as elsewhere: what confounds them bends it as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.incrementality.estimate import Weighed
from pipelines.incrementality.evidence import Estimate, Floats
from pipelines.incrementality.judging import DOUBTFUL
from pipelines.incrementality.shapes import elasticities, plausible
from pipelines.incrementality.witnesses import NEGLIGIBLE

Advice = Literal["raise", "lower"]
TESTED = ("experiment", "calibrated_model")


@dataclass(frozen=True)
class MarginalReturn:
    """Revenue that one more unit of spend on a network would bring, for changes of about a tenth.

    Attributes:
        low, high: 5th and 95th percentile; None where nothing supports a range.
        advice: whether to spend more or less, where all of the range is on one side of the break-even.
        reason: why there is no range or no advice, and what would give one.
    """

    network: str
    low: float | None
    high: float | None
    advice: Advice | None
    reason: str | None


def marginal_returns(
    weighed: Weighed, estimates: tuple[Estimate, ...], *, break_even: float = 1.0
) -> tuple[MarginalReturn, ...]:
    """The marginal return of each network.

    Args:
        weighed: what the estimates come from.
        estimates: of it; those of networks over all days are read.
        break_even: revenue per unit of spend from which a network pays: 1 / gross margin.

    Raises:
        ValueError: the break-even is not above 0.
    """
    if not break_even > 0:
        raise ValueError(f"break_even={break_even}: it is revenue per unit of spend, above 0")
    totals = [row for row in estimates if row.period_kind == "all" and row.campaign is None and row.action_key is None]
    return tuple(_marginal(weighed, row, break_even) for row in totals)


def _marginal(weighed: Weighed, total: Estimate, break_even: float) -> MarginalReturn:
    why = _unsupported(weighed, total)
    if why or not total.spend:
        return MarginalReturn(total.network, None, None, None, why)
    low, high = _range(weighed, total)
    advice: Advice | None = "raise" if low > break_even else "lower" if high < break_even else None
    reason = None if advice else f"the range holds {break_even:g}, where it begins to pay: a test would narrow it"
    return MarginalReturn(total.network, low, high, advice, reason)


def _unsupported(weighed: Weighed, total: Estimate) -> str | None:
    """Why nothing can be said of one more unit of spend."""
    place = weighed.panel.networks.index(total.network)
    if total.spend is None or total.spend <= 0:
        return "no cost is declared: give what it costs in costs"
    if place in weighed.doubted:
        return DOUBTFUL
    if total.incremental_revenue is None:
        return total.reason or "what was assumed beforehand makes most of the estimate: test the network"
    if total.evidence not in TESTED:
        return "no network was tested, so that days and credit are believed as they are: test one"
    if weighed.series is None or not weighed.series.known[place]:
        return total.reason or "days say nothing of how its effect levels off: vary its activity"
    return None


def _range(weighed: Weighed, total: Estimate) -> tuple[float, float]:
    """5th and 95th percentile of elasticity times average return."""
    place = weighed.panel.networks.index(total.network)
    shapes = elasticities(weighed.panel.activity[:, place], weighed.panel.every)
    before = plausible()
    chances = before if weighed.series is None else (weighed.series.chances[place] + before) / 2
    values = weighed.verdict.values[place]
    values = np.where(values >= NEGLIGIBLE * weighed.verdict.scale[place], values, 0.0) / (total.spend or np.nan)
    low, high = _percentiles(np.outer(shapes, values), np.outer(chances, weighed.verdict.chances[place]))
    return float(low), float(high)


def _percentiles(values: Floats, chances: Floats) -> Floats:
    """(2,) the 5th and 95th percentile of weighted values."""
    order = np.argsort(values, axis=None)
    below = np.cumsum(chances.ravel()[order])
    found: Floats = values.ravel()[order][np.searchsorted(below, np.array([0.05, 0.95]) * below[-1])]
    return found
