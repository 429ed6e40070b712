"""How activity may work over time: carry-over and saturation, as a dictionary of shapes.

A shape turns a network's daily activity into its daily effect up to one factor. Each is scaled to add up to 1 over the
panel, so that the factor of a regression is the revenue that the network caused over it, in money.

The dictionary is a grid over four numbers: how long half of an effect takes, how it rises before it fades, where it
levels off, and how steeply. What lies between its nodes is their mean, weighted by how near they are: it adds up to 1
as well, and needs no more than the nodes do.

Sources: geometric carry-over as in Jin et al., "Bayesian Methods for Media Mix Modeling with Carryover and Shape
Effects" (Google, 2017), equation 2, delayed as the Weibull distribution over lags of Robyn's adstock, of which shape 1
is the geometric one; saturation by the Hill function, equation 8 of Jin et al.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats

HALF_LIVES = {0.0: 0.20, 0.5: 0.10, 1.0: 0.16, 2.0: 0.20, 4.0: 0.16, 8.0: 0.10, 16.0: 0.05, 32.0: 0.03}
"""Days after which half of the effect is over (0: all of it is on the day itself). Here and below, beside each how
likely it is before the data: what is seen in a feed works for days, rarely for a month (long carry-over is largely what
coarse data make of it: Tellis and Franses, "Optimal Data Interval for Estimating Advertising Response", Marketing
Science 2006)."""
RISES = {1.0: 0.97, 2.5: 0.03}
"""Shape of the Weibull distribution over lags: of 1 it fades from the first day on, above it rises before."""
LIMITS = {np.inf: 0.1, 3.0: 0.25, 1.0: 0.4, 0.4: 0.25}
"""The carried activity, in multiples of its mean, at which half of all possible effect is reached (infinite: there is
no limit); about as likely as Google's Meridian takes it to be, a normal of mean and deviation 0.8 above 0.1."""
SLOPES = {1.0: 0.995, 2.0: 0.005}
"""Of Hill's function; Meridian has no other than 1. Between two nodes chances go by their logarithm."""
AXES = (HALF_LIVES, RISES, LIMITS, SLOPES)
SIZES = tuple(len(axis) for axis in AXES)
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
def kernels(every: int = 1) -> tuple[Floats, ...]:
    """How an effect is spread over the days after its cause, by half-life and rise; each adds up to 1. Where only every
    so many days are known together, as from the first of them to the first of those that follow."""
    until = np.arange(every, LONGEST + 1, every, dtype=float)
    lived = product(HALF_LIVES, RISES)
    found = [1 - 0.5 ** ((until / half) ** rises) if half else np.ones(len(until)) for half, rises in lived]
    spread = np.zeros((len(found), LONGEST))
    spread[:, : len(until) * every : every] = [np.diff(each, prepend=0.0) / each[-1] for each in found]
    return tuple(spread)


def usual_kernel(every: int = 1) -> Floats:
    """One in the middle: half of the effect is over after two days."""
    return kernels(every)[list(HALF_LIVES).index(2.0) * len(RISES)]


def usual_shape() -> int:
    """Its place in the dictionary, without a limit."""
    return int(np.ravel_multi_index((list(HALF_LIVES).index(2.0), 0, 0, 0), SIZES))


@cache
def plausible() -> Floats:
    """(K,) the chance of each shape of the dictionary before the data."""
    found = np.ones(1)
    for axis in AXES:
        found = np.outer(found, np.array([*axis.values()])).ravel()
    chances: Floats = found / found.sum()
    return chances


def between(place: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Shapes between those of the dictionary.

    Args:
        place: (..., 4) of each along the axes, in steps of the grid from its first node.

    Returns:
        (..., 16) the nodes around each, (..., 16) their weights, which add up to 1, and (...,) the log of how likely it
        is before the data, without a constant.
    """
    first = np.minimum(place.astype(np.int64), np.array(SIZES) - 2)
    part = place - first
    nodes, weights = np.zeros((*place.shape[:-1], 1), np.int64), np.ones((*place.shape[:-1], 1))
    log_chance = np.zeros(place.shape[:-1])
    for axis, chances in enumerate(AXES):
        here, beside = first[..., axis, None], np.stack([1 - part[..., axis], part[..., axis]], axis=-1)
        nodes = (nodes[..., None] * len(chances) + (here + np.arange(2))[..., None, :]).reshape(*nodes.shape[:-1], -1)
        weights = (weights[..., None] * beside[..., None, :]).reshape(*weights.shape[:-1], -1)
        log_chance += (np.log([*chances.values()])[here + np.arange(2)] * beside).sum(axis=-1)
    return nodes, weights, log_chance


def carried(activity: Floats, kernel: Floats, *, before: float | None = None) -> Floats:
    """(T,) activity carried over to later days. ``before``: that of the days before the panel; where it is not given,
    that of its first weeks."""
    earlier = np.full(LONGEST, activity[:28].mean() if before is None else before)
    return np.convolve(np.concatenate([earlier, activity]), kernel)[LONGEST : LONGEST + len(activity)]


@dataclass(frozen=True)
class _Shape:
    """One of the dictionary, for one network: its kernel, and a Hill function that is at its half at ``limit``."""

    kernel: Floats
    limit: float
    slope: float

    def effect(self, spread: Floats) -> Floats:
        """Of carried activity, not scaled."""
        if np.isinf(self.limit):
            return spread
        filled = (spread / self.limit) ** self.slope
        effect: Floats = filled / (1 + filled)
        return effect

    def elasticity(self, spread: Floats) -> Floats:
        """By what part the effect of each day grows with the last part of activity."""
        return np.ones_like(spread) if np.isinf(self.limit) else self.slope * (1 - self.effect(spread))


def _shapes(activity: Floats, every: int) -> Iterator[tuple[_Shape, Floats]]:
    """Each of the dictionary, with the activity (T,) that its kernel carries over."""
    for kernel in kernels(every):
        spread = carried(activity, kernel)
        for limit, slope in product(LIMITS, SLOPES):
            yield _Shape(kernel, limit * float(spread.mean()), slope), spread


def dictionary(activity: Floats, every: int = 1) -> Floats:
    """(T, K) the effect of one network's activity (T,) under each shape, adding up to 1 over the panel."""
    effects = [shape.effect(spread) for shape, spread in _shapes(activity, every)]
    return np.stack([effect / effect.sum() for effect in effects], axis=1)


def elasticities(activity: Floats, every: int = 1) -> Floats:
    """(K,) by what part the effect of one network's activity (T,) would grow if there were one part more of it on every
    day, under each shape of the dictionary: 1 without a limit, less with one, unless it is steep and still far away."""
    found = []
    for shape, spread in _shapes(activity, every):
        effect = shape.effect(spread)
        found.append(float(effect @ shape.elasticity(spread) / effect.sum()))
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
        every: how many days are known together.
    """

    effects: Floats
    chances: Floats
    apart: float = 0.0
    activity: Floats | None = None
    credited: Floats | None = None
    conversions: float = 0.0
    every: int = 1

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
        parts = _gained(self.activity, filled, days, self.every)
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
        first, count = int(np.argmax(days)), int(days.sum())
        return float(self.chances @ _carried_in(self.activity, self.effects, first, count, self.every))


def _around(activity: Floats, days: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Mean activity before, after and on days that follow each other; what lies outside the panel is as the other."""
    first, last = int(np.argmax(days)), len(days) - int(np.argmax(days[::-1]))
    length = max(last - first, AROUND)
    before, after = activity[max(first - length, 0) : first], activity[last : last + length]
    sides = [float(each.mean()) for each in (before, after) if len(each)]
    return (sides[0], sides[-1], float(activity[days].mean())) if sides else (0.0, 0.0, 0.0)


def _gained(activity: Floats, filled: Floats, days: NDArray[np.bool_], every: int) -> Floats:
    """(K,) how much more effect there would have been on the chosen days with filled activity (T,), as a part of that
    over the panel."""
    found = []
    for (shape, was), (_, would) in zip(_shapes(activity, every), _shapes(filled, every), strict=True):
        effect = shape.effect(was)
        found.append(float((shape.effect(would) - effect)[days].sum() / effect.sum()))
    return np.array(found)


def _carried_in(activity: Floats, effects: Floats, first: int, days: int, every: int) -> Floats:
    """(K,) of the effect of activity (T,) under each shape, the part on so many days that activity before them has."""
    earlier = activity.copy()
    earlier[first:] = 0.0
    inside = slice(first, first + days)
    found = []
    for kernel in kernels(every):
        whole, before = carried(activity, kernel), carried(earlier, kernel, before=activity[:28].mean())
        found += [before[inside] / np.maximum(whole[inside], 1e-300)] * (len(LIMITS) * len(SLOPES))
    total: Floats = (effects[inside] * np.stack(found, axis=1)).sum(axis=0)
    return total


def spread_of(activity: Floats, chances: Floats | None, every: int = 1) -> Spread:
    """The spread of activity (T,), evenly where there is none.

    Args:
        chances: (K,) what days say of the shape, where they say anything. It counts for half: what confounds days bends
            it as well.
        every: how many days are known together.
    """
    if activity.sum() <= 0:
        return Spread(np.full((len(activity), 1), 1 / len(activity)), np.ones(1), apart=UNSEEN)
    effects = dictionary(activity, every)
    before = plausible()
    return Spread(effects, before if chances is None else (before + chances) / 2, activity=activity, every=every)
