"""What a world is made of, what a company sees of it, and what only the world knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Places = NDArray[np.int64]
"""Whole numbers that point into another array."""

WARM_UP = 120
"""Days before the panel on which social media worked already: what they carry over into it is theirs, and unseen."""
NO_CAUSE = -1
"""The cause of an order that would have been placed anyway."""

Design = Literal["geo", "user_holdout", "pause"]


@dataclass(frozen=True)
class Actions:
    """A posts and ads, in order of network and campaign.

    Attributes:
        campaign: (A,) the campaign of each.
        is_ad: (A,) whether money is behind it.
        published: (A,) place of its first day, counted from the panel's first; below 0 before it.
        impressions: (W + T, A) how often each was shown on each day.
    """

    campaign: Places
    is_ad: NDArray[np.bool_]
    published: Places
    impressions: Floats


@dataclass(frozen=True)
class Orders:
    """All orders of the panel, in no particular order.

    Attributes:
        day, opened: when each is paid, and when it was begun; the same but for opportunities. Places in the panel;
            ``opened`` may lie before it.
        segment, customer: who.
        cents: what was paid.
        cause: the action without which it would be another's or nobody's, or ``NO_CAUSE``.
        fate: a number in [0, 1) that decides, in each world without something, whether another action of the same
            network would have brought it.
    """

    day: Places
    opened: Places
    segment: Places
    customer: Places
    cents: Places
    cause: Places
    fate: Floats


@dataclass(frozen=True)
class Touches:
    """What buyers met before their orders; parallel arrays.

    Attributes:
        order: place in ``Orders``.
        action: the action, or -1 - c for channel c of ``CHANNELS``.
        age: days before the order was begun.
        is_click: whether the shop saw it; what was only viewed is seen by the platform alone.
    """

    order: Places
    action: Places
    age: Floats
    is_click: NDArray[np.bool_]


@dataclass(frozen=True)
class Test:
    """A lift test of a network: its first and last day (places in the panel), what it found, and its standard error."""

    network: int
    first: int
    last: int
    found: float
    standard_error: float
    design: Design = "geo"
    spend: float = 0.0


@dataclass(frozen=True)
class Observed:
    """What a company sees over T days of N networks with C campaigns and A actions in all.

    Attributes:
        dates: (T,) datetime64[D].
        revenue: (T,) net revenue of each day.
        impressions, spend: (T, N) by network. A network without ads costs labour, evenly over the days.
        credited: by model of credit, (N,) revenue over the panel: ``last_touch``, ``linear``, ``time_decay`` of the
            clicks that the shop saw.
        claimed: (T, A) what the platforms claim for their ads, in cents (``journeys.claim``); NaN for posts.
        credited_by_day: (T, N) linear credit by the day of the order.
        campaign_of: (C,) the network of each campaign.
        campaign_impressions, campaign_spend: (T, C).
        campaign_clicks, campaign_credited, campaign_conversions: (C,) clicks, and linear credit in money and orders.
        action_of: (A,) the campaign of each action.
        action_impressions: (T, A).
        action_credited, action_conversions: (A,) linear credit in money and orders.
        tests: lift tests of every second network.
    """

    dates: NDArray[np.datetime64]
    revenue: Floats
    impressions: Floats
    spend: Floats
    credited: dict[str, Floats]
    credited_by_day: Floats
    claimed: Floats
    campaign_of: Places
    campaign_impressions: Floats
    campaign_spend: Floats
    campaign_clicks: Places
    campaign_credited: Floats
    campaign_conversions: Floats
    action_of: Places
    action_impressions: Floats
    action_credited: Floats
    action_conversions: Floats
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Truth:
    """Revenue that would be missing without them, by the day on which it would be missing.

    Attributes:
        networks: (N,) over the panel.
        by_day: (T, N).
        campaigns: (C,) without one campaign, all else as it is. Less in all than the network's where it is saturated:
            what one campaign does not bring, another does.
        campaigns_by_day: (T, C).
        actions: (A,) without one action.
        actions_by_day: (T, A).
        expected: (N,) what each network causes in expectation, which the chance of single orders hides.
        expected_by_day: (T, N), by the day on which orders are begun.
    """

    networks: Floats
    by_day: Floats
    campaigns: Floats
    campaigns_by_day: Floats
    actions: Floats
    actions_by_day: Floats
    expected: Floats
    expected_by_day: Floats


@dataclass(frozen=True)
class World:
    """One company of a family.

    ``actions``, ``orders`` and ``touches`` are what exports are written from.
    """

    family: str
    seed: int
    observed: Observed
    truth: Truth
    actions: Actions
    orders: Orders
    touches: Touches
