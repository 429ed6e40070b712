"""What activity causes: carried over to later days, saturated, shared among the actions that carried it.

With x(t) the carried activity of a network on a day, its effect is in proportion to x / (x + k): Hill's function of
slope 1, as in Jin et al., "Bayesian Methods for Media Mix Modeling with Carryover and Shape Effects" (2017), equations
2 and 8. Each order of the effect has one cause, action a with chance x_a / x. Without a set of actions that carried y,
the effect is (x - y) / (x - y + k), so that of the orders that the set caused the part

    (x / (x + k) - (x - y) / (x - y + k)) / (y / (x + k)) = k / (x - y + k)

is lost, and the rest are brought by the network's other actions. With one fixed uniform number for each order this is
the re-run of the world without the set, with common random numbers; an order that is not of the set stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipelines.simulate.worlds.activity import Activity, by_group
from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.population import Population, wander
from pipelines.simulate.worlds.values import WARM_UP, Floats, Orders, Places

LONGEST = 90
"""Days after which nothing of an effect is left."""
SELF_CREDITING_EFFECT = 0.1
"""What a network that reaches those who buy anyway causes, beside another of its size."""


@dataclass(frozen=True)
class Effect:
    """What social media cause over W + T days.

    Attributes:
        carried: (W + T, A) activity carried over, weighted by what one impression of the action is worth.
        room: (N,) k, in units of ``carried``.
        kernel: (N, LONGEST) how the effect of an impression is spread over the days after it; rows add up to 1.
        expected: (W + T, N) orders caused, in expectation.
        worth: (A,) of one impression of each action; ``strength``: (W + T, N) orders that a network would cause on the
            day without a limit to its effect.
    """

    carried: Floats
    room: Floats
    kernel: Floats
    expected: Floats
    worth: Floats
    strength: Floats

    def of(self, activity: Activity) -> Effect:
        """What other activity of the same actions would cause, everything else being the same."""
        carried = _carry(activity.actions.impressions * self.worth, self.kernel[activity.network_of])
        whole = by_group(carried, activity.network_of, len(self.room))
        return replace(self, carried=carried, expected=whole / (whole + self.room) * self.strength)


def cause(dice: np.random.Generator, family: Family, population: Population, activity: Activity) -> Effect:
    """Draw how activity works."""
    networks = len(activity.claims_all)
    campaigns = len(activity.campaign_of)
    worth = np.exp(dice.normal(0, family.spread, campaigns))[activity.actions.campaign]
    worth = worth * np.exp(dice.normal(0, 0.6 * family.spread, len(worth)))
    kernel = np.stack([_kernel(dice, family) for _ in range(networks)])
    carried = _carry(activity.actions.impressions * worth, kernel[activity.network_of])
    whole = by_group(carried, activity.network_of, networks)
    room = np.exp(dice.uniform(np.log(family.room[0]), np.log(family.room[1]), networks)) * whole.mean(axis=0)
    shape = whole / (whole + room)
    wandering = np.stack([wander(dice, len(shape), memory=0.997) for _ in range(networks)], axis=1)
    moved = population.expected.sum(axis=1) / population.expected.sum(axis=1).mean()
    strength = np.exp(family.drift * wandering) * moved[:, None] ** dice.uniform(*family.with_demand)
    volume = by_group(activity.actions.impressions, activity.network_of, networks).mean(axis=0)
    size = _sizes(dice, family, activity, volume=volume) * population.expected[WARM_UP:].sum()
    strength *= size / (shape * strength)[WARM_UP:].sum(axis=0)
    return Effect(carried, room, kernel, shape * strength, worth, strength)


def _sizes(dice: np.random.Generator, family: Family, activity: Activity, *, volume: Floats) -> Floats:
    """(N,) orders that each network causes, in multiples of those without social media. Social media cause 5 to 40 % of
    revenue in all; a network's part is what it shows times what an impression there is worth, which differs widely."""
    share = dice.uniform(*family.share)
    parts = volume * np.exp(dice.normal(0, 0.6, len(volume)))
    found: Floats = share / (1 - share) * parts / parts.sum()
    return np.where(activity.claims_all, SELF_CREDITING_EFFECT, 1.0) * found


def _kernel(dice: np.random.Generator, family: Family) -> Floats:
    """(LONGEST,) geometric, or with its peak some days later (a gamma shape), adding up to 1."""
    lags = np.arange(LONGEST, dtype=float)
    peak, memory = dice.uniform(*family.peak), dice.uniform(*family.memory)
    found = (lags / peak) ** 2 * np.exp(-2 * lags / peak) if peak > 0 else memory**lags
    whole: Floats = found / found.sum()
    return whole


def _carry(activity: Floats, kernels: Floats) -> Floats:
    """(T, A) each column convolved with its kernel (A, L), never below 0."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(len(activity) + LONGEST, real=True)
    found: Floats = irfft(rfft(activity, size, axis=0) * rfft(kernels.T, size, axis=0), size, axis=0)
    return np.maximum(found[: len(activity)], 0.0)


def lost(orders: Orders, effect: Effect, activity: Activity, group: Places) -> np.ndarray:
    """Which orders would be missing without the group of actions that their cause belongs to.

    Args:
        group: (A,) ascending from 0: the network, the campaign or the number of each action.

    Returns:
        (orders,) bool; False where nothing caused the order.
    """
    social = np.flatnonzero(orders.cause >= 0)
    cause, day = orders.cause[social], orders.opened[social] + WARM_UP
    network = activity.network_of[cause]
    whole = by_group(effect.carried, activity.network_of, len(effect.room))[day, network]
    without = by_group(effect.carried, group, int(group[-1]) + 1)[day, group[cause]]
    room = effect.room[network]
    found = np.zeros(len(orders.cause), bool)
    found[social] = orders.fate[social] < room / (np.maximum(whole - without, 0.0) + room)
    return found
