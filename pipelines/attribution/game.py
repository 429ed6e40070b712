"""The Shapley value of the game in which a coalition earns what journeys made only of its channels earned.

For a set S of channels, v(S) is the sum over journeys whose distinct channels D lie in S: v = sum over journeys of
worth times u_D, where u_D(S) = 1 if D is in S and 0 otherwise. The Shapley value is linear, and in the game u_D the
members of D are interchangeable while all others add nothing to any coalition: by symmetry, efficiency and the
null-player axiom each member of D gets 1 / |D|. So a channel's value is the sum, over the journeys it is in, of their
worth / |D|: exact, in one pass, for any number of channels (Shapley 1953; for attribution Zhao et al. 2018).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from pipelines.attribution.journeys import Journeys, exact_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shapley(journeys: Journeys, worth: NDArray[np.int64]) -> list[Fraction]:
    """The value of each state, in the order of ``journeys.states``.

    Args:
        journeys: the paths; those without a touch belong to no coalition.
        worth: what each path earned, in whole numbers; may be negative.
    """
    width = len(journeys.states)
    if not width:
        return []
    owners, states = journeys.members
    sizes, ranks = np.unique(np.bincount(owners, minlength=len(worth)), return_inverse=True)
    earned = exact_sums(ranks[owners] * width + states, worth[owners], len(sizes) * width)
    common = lcm(*filter(None, sizes.tolist()))
    parts = [common // size if size else 0 for size in sizes.tolist()]
    return [
        Fraction(sum(part * units for part, units in zip(parts, earned[state::width], strict=True)), common)
        for state in range(width)
    ]
