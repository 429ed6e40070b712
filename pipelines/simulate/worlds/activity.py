"""What a company does on its networks: posts that live for weeks, ads in flights, and how often each is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.population import Population, wander
from pipelines.simulate.worlds.values import WARM_UP, Actions, Floats, Places

ORGANIC_ONLY = 0.25
"""Chance that a company buys no ads on a network."""
POST_HALF_LIFE = 2.5
"""Days after which half of a post's impressions are over; the feeds' own is between hours and a week."""
PAUSED = 0.35
"""Part of the stretches in which a campaign rests. Without pauses nothing could be learnt from days."""
ALL_TOUCHED = 60.0
"""Impressions of a network a day for each expected order of the day, at the median."""
SEASON_FOLLOWED = 0.5
"""Who follows demand follows the season as well, half as much: budgets are planned by the year."""


@dataclass(frozen=True)
class Activity:
    """The actions of a company, by N networks and C campaigns.

    Attributes:
        campaign_of: (C,) the network of each campaign, ascending.
        is_paid: (C,) whether it buys ads; else it is a series of posts.
        claims_all: (N,) networks that reach almost only people who are about to buy.
    """

    campaign_of: Places
    is_paid: NDArray[np.bool_]
    claims_all: NDArray[np.bool_]
    actions: Actions

    @property
    def network_of(self) -> Places:
        """(A,) the network of each action."""
        found: Places = self.campaign_of[self.actions.campaign]
        return found


def act(dice: np.random.Generator, family: Family, population: Population, networks: int) -> Activity:
    """Draw what is done and shown. Activity follows latent demand, or runs against it, as the family says."""
    length = len(population.latent)
    signs = np.ones(networks)
    signs[dice.permutation(networks)[: round(family.against * networks)]] = -1
    follows = signs * dice.uniform(*family.follows, networks)
    season = np.log(population.calendar) - np.log(population.calendar).mean()
    wanted = population.latent + SEASON_FOLLOWED * season / max(float(season.std()), 1e-9)
    base = np.log(ALL_TOUCHED * population.expected.sum() / length) + dice.normal(0, 0.5, networks)
    columns: list[tuple[int, bool, int, Floats]] = []
    campaign_of: list[int] = []
    is_paid: list[bool] = []
    for network in range(networks):
        ads = _which_buy(dice, family)
        for buys in ads:
            level = base[network] + follows[network] * wanted + dice.normal(0, 0.5) - np.log(len(ads))
            make = _flights if buys else _posts
            columns += [(len(campaign_of), buys, first, shown) for first, shown in make(dice, np.exp(level))]
            campaign_of.append(network)
            is_paid.append(buys)
    shown = dice.poisson(np.stack([column[3] for column in columns], axis=1))
    return Activity(
        np.array(campaign_of),
        np.array(is_paid),
        dice.permutation(networks) < family.self_crediting,
        Actions(
            np.array([column[0] for column in columns]),
            np.array([column[1] for column in columns]),
            np.array([column[2] for column in columns]) - WARM_UP,
            shown.astype(float),
        ),
    )


def rest(activity: Activity, network: int, first: int, last: int) -> Activity:
    """The same with nothing shown on a network from one day of the panel to another, both included."""
    shown = activity.actions.impressions.copy()
    shown[WARM_UP + first : WARM_UP + last + 1, activity.network_of == network] = 0.0
    return replace(activity, actions=replace(activity.actions, impressions=shown))


def _which_buy(dice: np.random.Generator, family: Family) -> list[bool]:
    """For each campaign of one network, whether it buys ads: none of them, or all but perhaps the first."""
    count = int(dice.integers(family.campaigns[0], family.campaigns[1] + 1))
    if dice.random() < ORGANIC_ONLY:
        return [False] * count
    return [bool(dice.random() < 0.4), *([True] * (count - 1))]


def _posts(dice: np.random.Generator, level: Floats) -> list[tuple[int, Floats]]:
    """Posts of one series: first day and expected impressions by day. Most are seen little, a few a lot; some weeks
    bring many and others none, since people make them."""
    length = len(level)
    rhythm = np.exp(0.5 * wander(dice, length, memory=0.95))
    a_day = float(np.exp(dice.uniform(np.log(0.06), np.log(0.22))))
    days = np.flatnonzero(dice.random(length) < a_day * rhythm)
    days = days if len(days) else np.array([int(dice.integers(length))])
    quality = np.exp(dice.normal(-0.3, 0.75, len(days)))
    fresh = 0.5 ** (np.arange(28) / POST_HALF_LIFE)
    scale = 1 / (a_day * fresh.sum())
    found = []
    for day, worth in zip(days.tolist(), quality.tolist(), strict=True):
        shown = np.zeros(length)
        end = min(day + 28, length)
        shown[day:end] = worth * scale * fresh[: end - day] * level[day:end]
        found.append((day, shown))
    return found


def _flights(dice: np.random.Generator, level: Floats) -> list[tuple[int, Floats]]:
    """One campaign's ads: stretches of two to eight weeks at budgets of their own, with pauses, one or two ads each."""
    length = len(level)
    budget = level * np.exp(0.35 * wander(dice, length, memory=dice.uniform(0.5, 0.9)))
    found: list[tuple[int, Floats]] = []
    day = 0
    while day < length:
        end = min(day + int(dice.integers(14, 57)), length)
        if dice.random() >= PAUSED or not (found or end < length):
            height = float(np.exp(dice.normal(0.3, 0.3)))
            share = dice.uniform(0.25, 0.75) if dice.random() < 0.5 else 1.0
            for part in (share, 1 - share) if share < 1 else (share,):
                shown = np.zeros(length)
                shown[day:end] = part * height * budget[day:end]
                found.append((day, shown))
        day = end
    return found


def by_group(values: Floats, group: NDArray[Any], groups: int) -> Floats:
    """(T, G) sums of columns (T, A) whose groups (A,) ascend."""
    edges = np.searchsorted(group, np.arange(groups))
    found: Floats = np.add.reduceat(values, edges, axis=1)
    return found
