"""What is known before anything is estimated, and what an estimate says: plain values, no database, no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
"""Of floating point numbers."""
Grade = Literal["experiment", "calibrated_model", "model", "credit_only"]
PeriodKind = Literal["month", "quarter", "trailing_365d", "all"]

MOST_APART = 10.0
"""A network that costs so many times as much as others, or more, is held to cost so many times as much."""
ORGANIC_SHARE = 0.02
"""Scale of a network without spend: so much of all revenue."""
WEEK = 7


@dataclass(frozen=True)
class Panel:
    """A company day by day, over consecutive days.

    Attributes:
        dates: (T,) datetime64[D], without a gap.
        revenue: (T,) net revenue of each day, in the reporting currency.
        networks: N names.
        activity: (T, N) what people saw of each network: impressions, else another count that the network reports for
            most days; NaN where nothing is reported.
        spend: (T, N) what the network cost on the day; NaN where no cost is declared.
        controls: (T, K) other numbers of the day (a price index, a holiday), never NaN.
        unit: for each network, what ``activity`` counts.
        order_value: mean square of the orders' values over their mean: an effect e is made of orders, whose number and
            size vary by themselves, with a variance of e times this. 0 where orders are not known.
        weeks_from: the place of the first whole week's first day, where sales are known week by week alone; None where
            each day has its own.
    """

    dates: NDArray[np.datetime64]
    revenue: Floats
    networks: tuple[str, ...]
    activity: Floats
    spend: Floats
    controls: Floats
    unit: tuple[str, ...] = ()
    order_value: float = 0.0
    weeks_from: int | None = None

    def observed(self, by_day: Floats) -> Floats:
        """Days (T, ...) as sales are known of them: themselves, or sums over the whole weeks (W, ...)."""
        if self.weeks_from is None:
            return by_day
        weeks = (self.days - self.weeks_from) // WEEK
        inside = by_day[self.weeks_from : self.weeks_from + weeks * WEEK]
        summed: Floats = inside.reshape(weeks, WEEK, *by_day.shape[1:]).sum(axis=1)
        return summed

    @property
    def every(self) -> int:
        """How many days' sales are known together."""
        return 1 if self.weeks_from is None else WEEK

    @property
    def days(self) -> int:
        return len(self.dates)

    @property
    def scale(self) -> Floats:
        """(N,) money by which a network's effect is measured: its cost, else a share of all revenue."""
        costs = [self.cost_of(place) for place in range(len(self.networks))]
        whole = max(float(self.revenue.sum()), 1.0)
        return np.array([cost if cost and cost > 0 else ORGANIC_SHARE * whole for cost in costs])

    @property
    def costlier(self) -> Floats:
        """(N,) log of how many times as much as the others each network cost, around the median of those that cost
        anything, within bounds; 0 for one that did not."""
        costs = np.array([self.cost_of(place) or 0.0 for place in range(len(self.networks))])
        found, paid = np.zeros(len(costs)), costs > 0
        if paid.any():
            logs = np.log(costs[paid])
            found[paid] = np.clip(logs - np.median(logs), -np.log(MOST_APART), np.log(MOST_APART))
        return found

    def cost_of(self, network: int) -> float | None:
        """What a network cost over the panel; None where nothing is declared."""
        spent = self.spend[:, network]
        return None if np.isnan(spent).all() else float(np.nansum(spent))


@dataclass(frozen=True)
class LiftTest:
    """One experiment: what a network, or a campaign of it, brought that would not have come otherwise.

    Attributes:
        start, end: first and last day, both included.
        incremental_revenue: what the tested activity caused between them, in the reporting currency; may be negative.
        standard_error: of that, above 0.
        paused: the network itself rested, so that its activity lacks what was tested, and ``incremental_revenue`` is
            what was lost; else it went on for all others.
    """

    experiment_id: str
    network: str
    start: date
    end: date
    incremental_revenue: float
    standard_error: float
    campaign: str | None = None
    paused: bool = False


@dataclass(frozen=True)
class Credit:
    """What one attribution model credits to a network over the panel."""

    model: str
    network: str
    revenue: float


@dataclass(frozen=True)
class CreditedDays:
    """When what is credited was sold, on the average of the attribution models.

    Attributes:
        revenue: (T, N) credited revenue by the day of the conversion.
        conversions: (N,) how many conversions that stands for.
    """

    revenue: Floats
    conversions: Floats

    def of(self, network: int) -> tuple[Floats | None, float]:
        """(T,) the part of a network's credit on each day, and how many conversions stand behind it; nothing where
        nothing is credited."""
        days = np.maximum(self.revenue[:, network], 0.0)
        return (days / days.sum(), float(self.conversions[network])) if days.sum() > 0 else (None, 0.0)


@dataclass(frozen=True)
class Part:
    """A campaign or an action of a network, over the panel.

    Attributes:
        campaign: its campaign, or None for what belongs to none.
        action_key: None for a campaign as a whole.
        credited: revenue credited to it by the average of the attribution models.
        conversions: how many conversions that credit stands for.
        exposure: what people saw of it, in the unit of its network; a count of any kind where that is not known.
    """

    network: str
    campaign: str | None
    action_key: str | None
    credited: float
    conversions: float
    exposure: float
    spend: float | None = None


@dataclass(frozen=True)
class Evidence:
    """All witnesses of one company.

    Attributes:
        claimed: (T, N) revenue that each network's ad manager claims for its ads by day; NaN where it says nothing.
    """

    panel: Panel
    tests: tuple[LiftTest, ...] = ()
    credits: tuple[Credit, ...] = ()
    parts: tuple[Part, ...] = ()
    credited: CreditedDays | None = None
    claimed: Floats | None = None


@dataclass(frozen=True)
class Estimate:
    """What a network, campaign or action caused in one period, with its 90 % interval, or why that cannot be said.

    Attributes:
        incremental_revenue: the median of what it may be; None where nothing is known, and where what is known is
            little more than what was assumed beforehand (``is_prior_dominated``): then only the interval is given.
        low, high: 5th and 95th percentile; None where nothing is known.
        spend: the cost of the period; None where none is declared.
        evidence: the grade of what stands behind the numbers.
        method: in words, which witnesses were heard.
        reason: why there is no number, or what of the evidence could not be used, and what would give one.
    """

    network: str
    campaign: str | None
    action_key: str | None
    period_kind: PeriodKind
    period_start: date
    period_end: date
    incremental_revenue: float | None
    low: float | None
    high: float | None
    spend: float | None
    evidence: Grade
    method: str
    is_prior_dominated: bool = False
    reason: str | None = None
    notes: tuple[str, ...] = field(default=())

    def return_on(self, amount: float | None) -> float | None:
        """An amount of revenue per unit of spend; None without either."""
        return None if amount is None or not self.spend else amount / self.spend
