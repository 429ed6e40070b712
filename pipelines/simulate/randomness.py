"""Random numbers that are the same on every machine: named streams, so that a new one disturbs no other."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, name: str) -> random.Random:
    """An independent generator for one purpose."""
    return random.Random(f"{seed}/{name}")  # noqa: S311 - a simulation, nothing secret


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson draw; above 40 its normal approximation, which is indistinguishable at that size."""
    if mean <= 0:
        return 0
    if mean > 40:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def pick(rng: random.Random, items: Sequence[T], weights: Sequence[float]) -> T:
    """One item, by weight."""
    return rng.choices(items, cum_weights=list(accumulate(weights)))[0]
