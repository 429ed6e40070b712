"""The form of what days say of a network: not quite normal, since shapes with a longer carry-over bring larger effects.

Draws are put in order of their factor and cut into ``CUTS``; each part is a normal of its own, so that skewness and
tails of what was drawn are kept in a few numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats

CUTS = (0.05, 0.25, 0.75, 0.95)
"""Ends of the parts that draws are cut into."""


@dataclass(frozen=True)
class Form:
    """For N networks, a mixture of K normals around a mean.

    Attributes:
        chance: (N, K) of each, adding up to 1; ``shift``: (N, K) its center's distance from the mean, and ``width``:
            (N, K) its standard deviation, both in standard errors of the whole.
    """

    chance: Floats
    shift: Floats
    width: Floats

    @classmethod
    def normal(cls, count: int) -> Form:
        """One normal for each of so many networks."""
        return cls(np.ones((count, 1)), np.zeros((count, 1)), np.ones((count, 1)))

    def among(self, chosen: NDArray[np.int64], count: int) -> Form:
        """The same, for the chosen of so many networks; NaN for the others."""
        whole = np.full((3, count, self.chance.shape[1]), np.nan)
        whole[:, chosen] = self.chance, self.shift, self.width
        return Form(*whole)

    def log_density(self, network: int, apart: Floats, *, error: float, more: Floats | float = 0.0) -> Floats:
        """Log density, without its constant, at a distance ``apart`` from the mean.

        Args:
            error: standard error of the whole.
            more: variance that is added to that of each normal; broadcast against ``apart``.
        """
        parts = zip(self.chance[network], self.shift[network], self.width[network], strict=True)
        found = np.full(np.broadcast(apart, more).shape, -np.inf)
        for chance, shift, width in parts:
            variance = (width * error) ** 2 + more
            found = np.logaddexp(
                found, np.log(chance) - 0.5 * (apart - shift * error) ** 2 / variance - 0.5 * np.log(variance)
            )
        return found


@dataclass(frozen=True)
class Assumed:
    """Of N factors, while they were drawn: mean and standard deviation (N,). It leaves at least a part ``least`` of its
    precision when it is divided out."""

    mean: Floats
    deviation: Floats
    least: float

    def without(self, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of normals (N,) when this is divided out (expectation propagation's cavity; Minka, UAI
        2001)."""
        precision = np.maximum(1 / variance - self.deviation**-2, self.least * self.deviation**-2)
        return mean + (mean - self.mean) * self.deviation**-2 / precision, 1 / precision


def form_of(factors: Floats, variance: Floats, assumed: Assumed) -> tuple[Floats, Floats, Form]:
    """What S draws say without what was assumed while they were drawn.

    Args:
        factors, variance: (S, N) mean and variance of each network's factor, given what else was drawn.

    Returns:
        (N,) mean and standard error, by the law of total variance, and the form around them.
    """
    mean, whole = assumed.without(factors.mean(axis=0), variance.mean(axis=0) + factors.var(axis=0))
    error = np.sqrt(whole)
    order = np.argsort(factors, axis=0, kind="stable")
    ends = [0, *(int(cut * len(factors)) for cut in CUTS), len(factors)]
    log_chance, shift, width = np.zeros((3, factors.shape[1], len(ends) - 1))
    for part, (first, last) in enumerate(pairwise(ends)):
        inside, open_ = (np.take_along_axis(each, order[first:last], axis=0) for each in (factors, variance))
        center, square = assumed.without(inside.mean(axis=0), open_.mean(axis=0) + inside.var(axis=0))
        # a normal divided by another is a normal, over what the other gives to its center
        met = square + assumed.deviation**2
        log_chance[:, part] = np.log(last - first) + 0.5 * (center - assumed.mean) ** 2 / met + 0.5 * np.log(met)
        shift[:, part], width[:, part] = (center - mean) / error, np.sqrt(square) / error
    chance = np.exp(log_chance - log_chance.max(axis=1, keepdims=True))
    return mean, error, Form(chance / chance.sum(axis=1, keepdims=True), shift, width)
