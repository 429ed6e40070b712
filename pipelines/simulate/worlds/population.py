"""The customers of a world: how readily they buy, and how that moves from day to day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.values import WARM_UP, Floats

SEGMENTS = 24
"""Groups of customers who are alike in how readily they buy: the quantiles of one distribution."""
READINESS_SHAPE = 0.7
"""Of the gamma distribution of readiness: most people buy seldom, a few often, as in counts of repeat purchases
(Ehrenberg, "Repeat-Buying", 1972, finds shapes below 1)."""
ORDERS_PER_CUSTOMER_AND_YEAR = 1.5


@dataclass(frozen=True)
class Population:
    """People in S segments of equal size over W + T days, of which the first W are before the panel.

    Attributes:
        readiness: (S,) relative rate of buying, mean 1.
        customers: people in each segment.
        latent: (W + T,) how much more or less all want than usual, as an AR(1) series of mean 0 and deviation 1. Nobody
            observes it.
        calendar: (W + T,) what returns every week and year, and growth, mean about 1.
        expected: (W + T, S) orders that people place without social media.
    """

    readiness: Floats
    customers: int
    latent: Floats
    calendar: Floats
    expected: Floats


def populate(dice: np.random.Generator, family: Family, days: int) -> Population:
    """Draw a population.

    Latent demand moves sales by 5 to 20 % with a memory of days to weeks; segments have waves of their own; single days
    differ by 2 to 6 % beyond chance (weather, stock, a mail); season 5 to 30 %, weekdays 25 %, growth about a quarter a
    year either way.
    """
    length = WARM_UP + days
    orders = float(np.exp(dice.uniform(np.log(family.orders[0]), np.log(family.orders[1]))))
    readiness = _readiness()
    latent = wander(dice, length, memory=dice.uniform(0.75, 0.95))
    own = np.stack([wander(dice, length, memory=0.9) for _ in range(SEGMENTS)], axis=1)
    moving = dice.uniform(0.05, 0.2) * latent[:, None] + dice.uniform(0.02, 0.1) * own
    noise = dice.normal(0, dice.uniform(0.02, 0.06), length)
    jumps = np.where(dice.random(length) < family.jumps, dice.uniform(1.2, 2.0, length), 1.0)
    calendar = _calendar(dice, length)
    whole = orders * calendar * np.exp(noise) * jumps
    expected = whole[:, None] * readiness[None, :] * np.exp(moving) / SEGMENTS
    customers = int(np.ceil(orders * 365 / ORDERS_PER_CUSTOMER_AND_YEAR / SEGMENTS))
    return Population(readiness, customers, latent, calendar, expected)


def wander(dice: np.random.Generator, length: int, *, memory: float) -> Floats:
    """(length,) a stationary AR(1) series of mean 0 and standard deviation 1."""
    from scipy.signal import lfilter

    steps = dice.normal(size=length)
    steps[0] /= np.sqrt(1 - memory**2)
    found: Floats = lfilter([np.sqrt(1 - memory**2)], [1, -memory], steps)
    return found


def _readiness() -> Floats:
    """(S,) the means of a gamma distribution's quantiles, near enough by their middles."""
    from scipy.stats import gamma

    found: Floats = gamma.ppf((np.arange(SEGMENTS) + 0.5) / SEGMENTS, READINESS_SHAPE)
    return np.asarray(found / found.mean())


def _calendar(dice: np.random.Generator, length: int) -> Floats:
    place = np.arange(length) - WARM_UP
    season = 1 + dice.uniform(0.05, 0.3) * np.sin(2 * np.pi * (place / 365.25 + dice.random()))
    week = dice.uniform(0.75, 1.25, 7)
    found: Floats = season * (week / week.mean())[place % 7] * np.exp(dice.normal(0, 0.25) * place / 365)
    return found
