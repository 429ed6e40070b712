"""How activity may work over time: carry-over and saturation, as a dictionary of shapes.

A shape turns a network's daily activity into its daily effect up to one factor. Each is scaled to add up to 1 over the
panel, so that the factor of a regression is the revenue that the network caused over it, in money.

Sources: geometric and delayed carry-over as in Jin et al., "Bayesian Methods for Media Mix Modeling with Carryover and
Shape Effects" (Google, 2017), equations 2 and 4; saturation by the Hill function with slope 1, equation 8 ibid.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats

HALF_LIVES = (0.0, 1.0, 3.0, 7.0, 14.0, 30.0)
"""Days after which half of the effect is over; 0: all of it is on the day itself."""
DELAYS = ((2.0, 3.0), (5.0, 6.0))
"""Delayed carry-over: the day of the strongest effect, and how far around it the effect spreads, in days."""
HALF_SATURATIONS = (None, 2.0, 0.6)
"""The carried activity, in multiples of its mean, at which half of all possible effect is reached; None: no limit."""
LONGEST = 120
"""Days after which nothing of an effect is left."""
UNSEEN = 0.5
"""How far off a part of an effect may be where no activity is known: days are then taken to be alike."""


@cache
def kernels() -> tuple[Floats, ...]:
    """How an effect is spread over the days after its cause; each adds up to 1."""
    days = np.arange(LONGEST, dtype=float)
    found = [np.where(days == 0, 1.0, 0.0) if not half else 0.5 ** (days / half) for half in HALF_LIVES]
    found += [np.exp(-0.5 * ((days - peak) / spread) ** 2) for peak, spread in DELAYS]
    return tuple(kernel / kernel.sum() for kernel in found)


def carried(activity: Floats, kernel: Floats) -> Floats:
    """(T,) activity carried over to later days. Before the panel it is taken to have been as in its first weeks."""
    before = np.full(LONGEST, activity[:28].mean())
    return np.convolve(np.concatenate([before, activity]), kernel)[LONGEST : LONGEST + len(activity)]


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
    """How a network's effect is spread over T days: (T, K) under each shape, adding up to 1, and the chance of each
    shape (K,). ``apart``: how far off any part of it may be where no activity is known, as a part of it."""

    effects: Floats
    chances: Floats
    apart: float = 0.0

    def part_on(self, days: NDArray[np.bool_]) -> tuple[float, float]:
        """The part of the effect on the chosen days, and how far shapes disagree on it (standard deviation, as a part
        of it)."""
        parts = self.effects[days].sum(axis=0)
        mean = float(self.chances @ parts)
        apart = float(np.sqrt(self.chances @ (parts - mean) ** 2)) / max(mean, 1e-9)
        return mean, max(apart, self.apart)


def spread_of(activity: Floats, chances: Floats | None) -> Spread:
    """The spread of activity (T,), evenly where there is none.

    Args:
        chances: (K,) what days say of the shape, where they say anything. It counts for half: what confounds days bends
            it as well.
    """
    if activity.sum() <= 0:
        return Spread(np.full((len(activity), 1), 1 / len(activity)), np.ones(1), apart=UNSEEN)
    effects = dictionary(activity)
    even = np.full(effects.shape[1], 1 / effects.shape[1])
    return Spread(effects, even if chances is None else (even + chances) / 2)
