"""From a network down to its campaigns and actions: each one's share of what the network caused.

The shares are those of a Dirichlet distribution that begins with what people saw of each part and learns from the
conversions credited to it: (WEIGHT * exposure share + conversions) / (WEIGHT + all conversions), which is Bühlmann's
credibility. Shares add up to 1, so that a network's total stays what it is; and since both exposure and conversions add
up, a campaign cut in two has the share of the two together, and the others keep theirs.

Where a network is credited with more than it caused, the rest are buyers who would have come anyway and met it on the
way: each of its campaigns as likely as it was shown. That part is taken out of the credit before it is shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.incrementality.evidence import Floats, Part

WEIGHT = 10.0
"""So many conversions is it worth to know how much people saw of each part."""
DEVIATION = 0.35
"""How far credit deviates between the parts of one network (standard deviation of the logarithm): parts reach people
who would have bought anyway to different degrees, and no witness says to which."""

MOST_BY_CHANCE, LEAST_LEFT = 0.8, 0.1
"""Of a network's credit, no more is taken to be by chance than this part; of a campaign's, no less is left."""


@dataclass(frozen=True)
class Shares:
    """Of P parts: the expected share (P,), and the standard deviation (P,) of its logarithm."""

    share: Floats
    log_deviation: Floats


def shares_of(parts: Sequence[Part], *, caused: float | None = None) -> Shares:
    """Divide one network among its parts, which must be all there are.

    Args:
        caused: what the network caused, where it is known; its parts should have many conversions each.
    """
    exposure = _portions(np.array([max(part.exposure, 0.0) for part in parts]))
    credited = _portions(np.array([max(part.credited, 0.0) for part in parts]))
    conversions = sum(max(part.conversions, 0.0) for part in parts)
    if exposure is None:
        exposure = credited if credited is not None else np.full(len(parts), 1 / len(parts))
    if credited is None:
        credited, conversions = exposure, 0.0
    elif caused is not None:
        credited = _without_chance(parts, exposure, credited, caused)
    weight = WEIGHT + conversions
    share = (WEIGHT * exposure + conversions * credited) / weight
    chance = np.maximum(share, 1e-12)
    return Shares(share, np.sqrt(np.minimum((1 - chance) / (chance * (weight + 1)), 4.0) + DEVIATION**2))


def _without_chance(parts: Sequence[Part], exposure: Floats, credited: Floats, caused: float) -> Floats:
    """(P,) portions of the credit that the network caused. What nobody is known to have seen loses like the average."""
    whole = sum(max(part.credited, 0.0) for part in parts)
    by_chance = min(max(1 - caused / whole, 0.0), MOST_BY_CHANCE)
    met = np.where(exposure > 0, exposure, credited)
    left = np.maximum(credited - by_chance * met / met.sum(), LEAST_LEFT * credited)
    return np.asarray(left / left.sum())


def _portions(amounts: Floats) -> Floats | None:
    whole = amounts.sum()
    return amounts / whole if whole > 0 else None
