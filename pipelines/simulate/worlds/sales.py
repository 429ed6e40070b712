"""Orders: those that people place anyway, and those that social media cause, each with its cause and its fate."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.simulate.worlds.activity import Activity
from pipelines.simulate.worlds.effect import Effect
from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.population import Population
from pipelines.simulate.worlds.values import NO_CAUSE, WARM_UP, Floats, Orders, Places


def sell(
    dice: np.random.Generator,
    family: Family,
    population: Population,
    *,
    activity: Activity,
    effect: Effect,
    reach: Floats,
) -> Orders:
    """Draw all orders that are paid within the panel.

    Counts are Poisson around what is expected; order values are log-normal (deviation of the log 0.4 to 1.0, as baskets
    of shops have). Opportunities are won after a time from a gamma distribution of shape 3; those that are not won
    before the panel ends are left out.

    Args:
        reach: (S, N) how a network's effect is spread over segments; columns add up to 1.
    """
    day, segment = _spread(dice.poisson(population.expected))
    days, segments, causes = [day], [segment], [np.full(len(day), NO_CAUSE)]
    edges = np.searchsorted(activity.network_of, np.arange(effect.expected.shape[1] + 1))
    for network, expected in enumerate(effect.expected.T):
        day = np.repeat(np.arange(len(expected)), dice.poisson(expected))
        first, last = edges[network], edges[network + 1]
        causes.append(first + drawn(dice, effect.carried[:, first:last], day))
        segments.append(dice.choice(len(reach), len(day), p=reach[:, network]))
        days.append(day)
    opened = np.concatenate(days) - WARM_UP
    count = len(opened)
    closing = dice.uniform(*family.closing)
    paid = opened + (np.round(dice.gamma(3.0, closing / 3.0, count)).astype(int) if closing > 0 else 0)
    sigma = dice.uniform(0.4, 1.0)
    basket = np.exp(
        dice.uniform(np.log(family.basket[0]), np.log(family.basket[1])) - sigma**2 / 2 + dice.normal(0, sigma, count)
    )
    kept = (paid >= 0) & (paid < len(population.latent) - WARM_UP)
    return Orders(
        paid[kept],
        opened[kept],
        np.concatenate(segments)[kept],
        dice.integers(0, population.customers, count)[kept],
        np.maximum(np.round(100 * basket), 1).astype(np.int64)[kept],
        np.concatenate(causes)[kept],
        dice.random(count)[kept],
    )


def reach_of(dice: np.random.Generator, family: Family, population: Population, activity: Activity) -> Floats:
    """(S, N) where a network's impressions and effects fall: the readier people are to buy, the likelier, as the family
    says. Those that credit themselves find buyers even more surely."""
    picks = np.where(activity.claims_all, 1.6, dice.uniform(*family.picks, len(activity.claims_all)))
    found: Floats = np.maximum(population.readiness, 0.02)[:, None] ** picks[None, :]
    return np.asarray(found / found.sum(axis=0))


def drawn(dice: np.random.Generator, weights: Floats, row: NDArray[Any]) -> Places:
    """For each given row of (T, K) weights, one of its columns, by weight."""
    ends = np.cumsum(weights, axis=1)
    ends /= np.maximum(ends[:, -1:], 1e-300)
    ends += np.arange(len(ends))[:, None]
    found = np.searchsorted(ends.ravel(), row + dice.random(len(row)), side="right") - row * ends.shape[1]
    return np.asarray(np.clip(found, 0, ends.shape[1] - 1))


def _spread(counts: NDArray[Any]) -> tuple[Places, Places]:
    """Row and column of each of so many."""
    row, column = np.indices(counts.shape)
    return np.repeat(row.ravel(), counts.ravel()), np.repeat(column.ravel(), counts.ravel())
