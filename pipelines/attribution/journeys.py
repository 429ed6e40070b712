"""Journeys as flat arrays: what every chain and game is counted from, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Path = tuple[str, ...]


@dataclass(frozen=True)
class Journeys:
    """Distinct paths with how often each was walked.

    A path is a list of states (channels, campaigns, actions), never a joined text, so that a name may hold anything,
    `` > `` or nothing at all.

    Attributes:
        states: the names of the states, sorted; the arrays speak of them by their place here.
        codes: the states of all paths, one path after the other.
        offsets: where each path begins in ``codes``; one more than there are paths.
        conversions: of each path.
        nulls: of each path, journeys that ended without a conversion.
        amounts: by name, what each path's conversions brought, in integer micros.
    """

    states: Path
    codes: Integers
    offsets: Integers
    conversions: Integers
    nulls: Integers
    amounts: dict[str, Integers]

    @property
    def lengths(self) -> Integers:
        """The number of touches of each path."""
        return np.diff(self.offsets)

    @cached_property
    def owners(self) -> Integers:
        """The path that each touch belongs to."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def members(self) -> tuple[Integers, Integers]:
        """Each path with each of its distinct states, as two columns, sorted."""
        width = max(1, len(self.states))
        pairs = np.sort(self.owners * width + self.codes)
        distinct = pairs[np.diff(pairs, prepend=-1) > 0]
        return distinct // width, distinct % width

    @cached_property
    def ranked_lengths(self) -> tuple[Integers, Integers]:
        """The lengths that there are, and the place of each path's among them."""
        used = np.bincount(self.lengths) > 0
        return np.flatnonzero(used), (np.cumsum(used) - 1)[self.lengths]

    @cached_property
    def places(self) -> Integers:
        """Of each touch, the rank of its path's length and its state as one number: rank x states + state."""
        _, ranks = self.ranked_lengths
        return np.repeat(ranks * len(self.states), self.lengths) + self.codes

    def select(self, chosen: NDArray[np.bool_]) -> Journeys:
        """Only some of the paths; the states stay as they are."""
        if chosen.all():
            return self
        return Journeys(
            states=self.states,
            codes=self.codes[np.repeat(chosen, self.lengths)],
            offsets=np.concatenate([[0], np.cumsum(self.lengths[chosen])]),
            conversions=self.conversions[chosen],
            nulls=self.nulls[chosen],
            amounts={name: values[chosen] for name, values in self.amounts.items()},
        )


def collect(
    paths: Iterable[Sequence[str]],
    *,
    conversions: Iterable[int],
    nulls: Iterable[int] | None = None,
    amounts: dict[str, Iterable[int]] | None = None,
) -> Journeys:
    """Journeys out of plain lists; those of one path become one, so that what follows grows with distinct paths.

    Args:
        paths: the states of each path, oldest first; may be empty.
        conversions: how many conversions each led to.
        nulls: how many journeys walked each and did not convert; none, if not given.
        amounts: by name, the micros that each brought.
    """
    number: dict[Path, int] = {}
    walked = np.array([number.setdefault(tuple(path), len(number)) for path in paths], np.int64)
    listed = list(number)
    states = tuple(sorted({state for path in listed for state in path}))
    code = {state: place for place, state in enumerate(states)}
    converted = _by_path(walked, conversions, len(listed))
    return Journeys(
        states=states,
        codes=np.array([code[state] for path in listed for state in path], np.int64),
        offsets=np.concatenate([[0], np.cumsum([len(path) for path in listed])]).astype(np.int64),
        conversions=converted,
        nulls=np.zeros_like(converted) if nulls is None else _by_path(walked, nulls, len(listed)),
        amounts={name: _by_path(walked, values, len(listed)) for name, values in (amounts or {}).items()},
    )


def _by_path(walked: Integers, given: Iterable[int], size: int) -> Integers:
    """The sum of what was given with each journey, for each distinct path.

    Raises:
        OverflowError: a path's sum is beyond 64 bits.
    """
    values = np.fromiter(given, np.int64, len(walked))
    return np.array(exact_sums(walked, values, size), np.int64)


def exact_sums(places: Integers, values: Integers, size: int) -> list[int]:
    """The sum of ``values`` at each place, as whole numbers without limit.

    Sums of whole numbers are exact in floating point as long as none can come to 2^53. Where they could, each half of
    the bits is summed for itself.
    """
    if np.abs(values.astype(np.float64)).sum() < 2**52:
        return np.bincount(places, values, minlength=size).astype(np.int64).tolist()  # type: ignore[no-any-return]
    high, low = np.zeros(size, np.int64), np.zeros(size, np.int64)
    np.add.at(high, places, values >> 32)
    np.add.at(low, places, values & 0xFFFFFFFF)
    return [(int(upper) << 32) + int(lower) for upper, lower in zip(high, low, strict=True)]


def exact_total(values: Integers) -> int:
    """The sum of all, as a whole number without limit."""
    return (int(np.sum(values >> 32)) << 32) + int(np.sum(values & 0xFFFFFFFF))
