"""How activity may work over time: carry-over and saturation, as a dictionary of shapes.

A shape turns a network's daily activity into its daily effect up to one factor. Each is scaled to add up to 1 over the
panel, so that the factor of a regression is the revenue that the network caused over it, in money.

Sources: geometric and delayed carry-over as in Jin et al., "Bayesian Methods for Media Mix Modeling with Carryover and
Shape Effects" (Google, 2017), equations 2 and 4; saturation by the Hill function with slope 1, equation 8 ibid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats

HALF_LIVES = (0.0, 1.0, 3.0, 7.0, 14.0, 30.0)
"""Days after which half of the effect is over; 0: all of it is on the day itself."""
DELAYS = ((2.0, 3.0), (5.0, 6.0))
"""Delayed carry-over: the day of the strongest effect, and how far around it the effect spreads, in days."""
PLAUSIBLE = (0.2, 0.2, 0.2, 0.15, 0.07, 0.03, 0.08, 0.07)
"""Before the data, the chance of each half-life and delay: what is seen in a feed works for days, rarely for a month
(long carry-over is largely what coarse data make of it: Tellis and Franses, "Optimal Data Interval for Estimating
Advertising Response", Marketing Science 2006)."""
HALF_SATURATIONS = (None, 2.0, 0.6)
"""The carried activity, in multiples of its mean, at which half of all possible effect is reached; None: no limit."""
USUAL_SHAPE = 2 * len(HALF_SATURATIONS)
"""Place in the dictionary of a shape in its middle: a half-life of three days, no limit."""
LONGEST = 120
"""Days after which nothing of an effect is left."""
MOST_CREDIT, FEW, CHANCE = 0.5, 25.0, 2.0
"""What credit by day counts for beside shapes where conversions are many; with how many in 30 days it counts half of
that; and the variance that one conversion brings, in multiples of one of the usual size (orders differ in size)."""
AROUND, GONE_ON = 28, 0.15
"""Activity during a pause would have been as in so many days before and after it (or in as many as it lasted), give or
take this part of it."""
UNSEEN = 0.5
"""How far off a part of an effect may be where no activity is known: days are then taken to be alike."""


@cache
def kernels() -> tuple[Floats, ...]:
    """How an effect is spread over the days after its cause; each adds up to 1."""
    days = np.arange(LONGEST, dtype=float)
    found = [np.where(days == 0, 1.0, 0.0) if not half else 0.5 ** (days / half) for half in HALF_LIVES]
    found += [np.exp(-0.5 * ((days - peak) / spread) ** 2) for peak, spread in DELAYS]
    return tuple(kernel / kernel.sum() for kernel in found)


def plausible() -> Floats:
    """(K,) the chance of each shape of the dictionary before the data."""
    return np.repeat(np.array(PLAUSIBLE), len(HALF_SATURATIONS)) / len(HALF_SATURATIONS)


def carried(activity: Floats, kernel: Floats, *, before: float | None = None) -> Floats:
    """(T,) activity carried over to later days. ``before``: that of the days before the panel; where it is not given,
    that of its first weeks."""
    earlier = np.full(LONGEST, activity[:28].mean() if before is None else before)
    return np.convolve(np.concatenate([earlier, activity]), kernel)[LONGEST : LONGEST + len(activity)]


def dictionary(activity: Floats) -> Floats:
    """(T, K) the effect of one network's activity (T,) under each shape, adding up to 1 over the panel."""
    columns = []
    for kernel in kernels():
        spread = carried(activity, kernel)
        for half in HALF_SATURATIONS:
            effect = spread if half is None else spread / (spread + half * spread.mean())
            columns.append(effect / effect.sum())
    return np.stack(columns, axis=1)


def elasticities(activity: Floats) -> Floats:
    """(K,) by what part the effect of one network's activity (T,) would grow if there were one part more of it on every
    day, under each shape of the dictionary: 1 without saturation, less with."""
    found = []
    for kernel in kernels():
        spread = carried(activity, kernel)
        for half in HALF_SATURATIONS:
            if half is None:
                found.append(1.0)
                continue
            limit = half * spread.mean()
            found.append(float((spread * limit / (spread + limit) ** 2).sum() / (spread / (spread + limit)).sum()))
    return np.array(found)


@dataclass(frozen=True)
class Spread:
    """How a network's effect is spread over T days.

    Shapes see how much was shown; credit by day also sees which campaigns and posts were worth more, and whether the
    effect changes over time. Where conversions are many, each counts for half.

    Attributes:
        effects: (T, K) under each shape, adding up to 1; ``chances``: (K,) of each shape.
        apart: how far off any part of it may be where no activity is known, as a part of it.
        activity: (T,) that the shapes are of.
        credited: (T,) the part of the credited revenue on each day; ``conversions`` how many stand behind it.
    """

    effects: Floats
    chances: Floats
    apart: float = 0.0
    activity: Floats | None = None
    credited: Floats | None = None
    conversions: float = 0.0

    def part_on(self, days: NDArray[np.bool_]) -> tuple[float, float]:
        """The part of the effect on the chosen days, and how far shapes and credit disagree on it (standard deviation,
        as a part of it)."""
        parts = self.effects[days].sum(axis=0)
        mean = float(self.chances @ parts)
        variance = float(self.chances @ (parts - mean) ** 2)
        weight = self._credit_counts()
        if self.credited is not None and weight > 0:
            part = float(self.credited[days].sum())
            chance = CHANCE * part / self.conversions
            variance = (1 - weight) * variance + weight * (1 - weight) * (part - mean) ** 2 + weight**2 * chance
            mean += weight * (part - mean)
        return mean, max(float(np.sqrt(variance)) / max(mean, 1e-9), self.apart)

    def part_missing(self, days: NDArray[np.bool_], *, share: float = 1.0) -> tuple[float, float] | None:
        """What a pause on the chosen days lost there, as a part of the effect over the panel, and how far off that may
        be, as a part of itself: activity would have gone on as it was before and after.

        Args:
            share: of the network's activity that was to pause.

        Returns:
            None where activity shows no such gap.
        """
        if self.activity is None or not days.any():
            return None
        before, after, inside = _around(self.activity, days)
        usual = (before + after) / 2
        if inside >= (1 - share / 2) * usual:
            return None
        filled = np.where(days, np.maximum(self.activity, usual), self.activity)
        parts = _gained(self.activity, filled, days)
        mean = float(self.chances @ parts)
        apart = float(np.sqrt(self.chances @ (parts - mean) ** 2)) / max(mean, 1e-9)
        return mean, float(np.hypot(apart, np.hypot(GONE_ON, (before - after) / (before + after))))

    def _credit_counts(self) -> float:
        monthly = self.conversions * 30 / len(self.effects)
        return MOST_CREDIT * monthly / (monthly + FEW)

    def credited_by(self, days: Floats | None, conversions: float) -> Spread:
        """The same, with what credit says of when it happened: (T,) adding up to 1, from so many conversions."""
        return replace(self, credited=days, conversions=conversions)

    def carried_into(self, days: NDArray[np.bool_]) -> float:
        """The part of the effect that falls on the chosen days, one after another, and owes to the days before."""
        if self.activity is None or not days.any():
            return 0.0
        return float(self.chances @ _carried_in(self.activity, self.effects, int(np.argmax(days)), int(days.sum())))


def _around(activity: Floats, days: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Mean activity before, after and on days that follow each other; what lies outside the panel is as the other."""
    first, last = int(np.argmax(days)), len(days) - int(np.argmax(days[::-1]))
    length = max(last - first, AROUND)
    before, after = activity[max(first - length, 0) : first], activity[last : last + length]
    sides = [float(each.mean()) for each in (before, after) if len(each)]
    return (sides[0], sides[-1], float(activity[days].mean())) if sides else (0.0, 0.0, 0.0)


def _gained(activity: Floats, filled: Floats, days: NDArray[np.bool_]) -> Floats:
    """(K,) how much more effect there would have been on the chosen days with filled activity (T,), as a part of that
    over the panel."""
    found = []
    for kernel in kernels():
        was, would = carried(activity, kernel), carried(filled, kernel)
        for half in HALF_SATURATIONS:
            limit = None if half is None else half * was.mean()
            effect, more = (each if limit is None else each / (each + limit) for each in (was, would))
            found.append(float((more - effect)[days].sum() / effect.sum()))
    return np.array(found)


def _carried_in(activity: Floats, effects: Floats, first: int, days: int) -> Floats:
    """(K,) of the effect of activity (T,) under each shape, the part on so many days that activity before them has."""
    earlier = activity.copy()
    earlier[first:] = 0.0
    found = []
    for kernel in kernels():
        whole, before = carried(activity, kernel), carried(earlier, kernel, before=activity[:28].mean())
        share = before[first : first + days] / np.maximum(whole[first : first + days], 1e-300)
        found += [share] * len(HALF_SATURATIONS)
    inside: Floats = (effects[first : first + days] * np.stack(found, axis=1)).sum(axis=0)
    return inside


def spread_of(activity: Floats, chances: Floats | None) -> Spread:
    """The spread of activity (T,), evenly where there is none.

    Args:
        chances: (K,) what days say of the shape, where they say anything. It counts for half: what confounds days bends
            it as well.
    """
    if activity.sum() <= 0:
        return Spread(np.full((len(activity), 1), 1 / len(activity)), np.ones(1), apart=UNSEEN)
    effects = dictionary(activity)
    before = plausible()
    return Spread(effects, before if chances is None else (before + chances) / 2, activity=activity)
