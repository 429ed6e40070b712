"""A Markov chain of order 1 to 3, counted from journeys in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.attribution.journeys import Journeys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Chain:
    """Transition counts. A context is what the chain remembers: the last ``order`` touches, fewer near the start.

    Attributes:
        groups: the state that each context ends with; with order 1 a context is its state.
        flow: from context to context, how often one followed the other; sparse, square.
        starts: how often each context came first.
        converted: how often a conversion followed each context.
        lost: how often the journey ended without one after each context.
        touched: which states stand in at least one converting path.
    """

    groups: Integers
    flow: Any
    starts: Floats
    converted: Floats
    lost: Floats
    touched: NDArray[np.bool_]

    @property
    def conversions(self) -> float:
        return float(self.converted.sum())


def count_transitions(journeys: Journeys, *, order: int = 1) -> Chain:
    """Count who follows whom, repeated states kept: a state that follows itself is a transition like any other.

    Paths without a touch are no part of the chain.

    Args:
        journeys: paths with conversions and nulls.
        order: how many touches the chain remembers.
    """
    weights = (journeys.conversions + journeys.nulls).astype(np.float64)
    lived = journeys.select((weights > 0) & (journeys.lengths > 0))
    weights = (lived.conversions + lived.nulls).astype(np.float64)
    first, last = lived.offsets[:-1], lived.offsets[1:] - 1
    contexts, groups = _contexts(lived, order)
    size = len(groups)
    passed = np.repeat(weights, lived.lengths)
    passed[last] = 0.0
    converting = np.repeat(lived.conversions.astype(np.float64), lived.lengths)
    flow = _matrix(contexts[:-1], contexts[1:], passed[:-1], size)
    touched = _summed(lived.codes, converting, len(journeys.states)) > 0
    return Chain(
        groups=groups,
        flow=flow,
        starts=_summed(contexts[first], weights, size),
        converted=_summed(contexts[last], lived.conversions.astype(np.float64), size),
        lost=_summed(contexts[last], lived.nulls.astype(np.float64), size),
        touched=touched,
    )


def _matrix(rows: Integers, columns: Integers, weights: Floats, size: int) -> Any:
    """The sums of weights by row and column, sparse; summed in a plain table where that is no larger than the rows."""
    from scipy.sparse import coo_array, csr_array

    if size * size <= 2 * len(rows):
        return csr_array(_summed(rows * size + columns, weights, size * size).reshape(size, size))
    there = weights > 0
    return coo_array((weights[there], (rows[there], columns[there])), shape=(size, size)).tocsr()


def _summed(places: Integers, weights: Floats, size: int) -> Floats:
    return np.bincount(places, weights, minlength=size).astype(np.float64)


def _contexts(journeys: Journeys, order: int) -> tuple[Integers, Integers]:
    """The context of each touch, and the state that each context ends with."""
    width = len(journeys.states) + 1
    begins = np.zeros(len(journeys.codes), bool)
    begins[journeys.offsets[:-1]] = True
    contexts, groups = _numbered(journeys.codes, width)
    for _ in range(order - 1):
        before = np.where(begins, 0, np.roll(contexts, 1) + 1)
        contexts, groups = _numbered(before * width + journeys.codes, width)
    return contexts, groups


def _numbered(keys: Integers, width: int) -> tuple[Integers, Integers]:
    """Number the distinct keys in their order; and what each is, modulo ``width``."""
    bound = int(keys.max(initial=-1)) + 1
    if bound > 4 * len(keys) + 1024:
        distinct, numbers = np.unique(keys, return_inverse=True)
        return numbers.astype(np.int64), distinct % width
    used = np.zeros(bound, bool)
    used[keys] = True
    distinct = np.flatnonzero(used)
    places = np.cumsum(used) - 1
    return places[keys], distinct % width
