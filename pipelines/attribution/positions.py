"""Rules that know a touch's place in its path and nothing else: totals by channel, from distinct journeys.

Where the time of a touch does not count, journeys of one path are divided alike, so that the sum over conversions is
that over paths: for each length of path and each state what the paths earned, times the share of such a touch. All
rules are made of the same few sums, taken in one pass: over all touches, the first ones, the last ones. The sums are
whole numbers, the shares fractions, and only the total of a state is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from pipelines.attribution.journeys import Journeys, exact_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

DIRECT = "direct"
POSITION_MODELS = ("first_touch", "last_touch", "last_non_direct", "linear", "position_based")

Sums = dict[int, int]
"""What paths earned, by the place (length of the path, state) of their touches; the key is rank x states + state."""


class Earned:
    """What paths earned, summed by the places of their touches: each sum is taken once, when a rule first asks for it.

    Attributes:
        journeys: the paths; those without a touch credit nobody.
        worth: what each path earned, in whole numbers; may be negative.
    """

    def __init__(self, journeys: Journeys, worth: Integers) -> None:
        self.journeys, self.worth = journeys, worth
        self._touched = journeys.lengths > 0

    @cached_property
    def by_touch(self) -> Sums:
        """Over all touches."""
        return self._summed(self.journeys.places, np.repeat(self.worth, self.journeys.lengths))

    @cached_property
    def by_first(self) -> Sums:
        """Over the first touch of each path."""
        return self._over(self.journeys.offsets[:-1][self._touched])

    @cached_property
    def by_last(self) -> Sums:
        """Over the last touch of each path."""
        return self._over(self.journeys.offsets[1:][self._touched] - 1)

    @cached_property
    def by_last_signed(self) -> Sums:
        """Over the last touch of each path that is not direct; where all are, the last."""
        if DIRECT not in self.journeys.states:
            return self.by_last
        return self._over(_last_signed(self.journeys, self.journeys.offsets[1:][self._touched] - 1))

    def _over(self, touches: Integers) -> Sums:
        return self._summed(self.journeys.places[touches], self.worth[self._touched])

    def _summed(self, places: Integers, worth: Integers) -> Sums:
        lengths, _ = self.journeys.ranked_lengths
        sums = exact_sums(places, worth, len(lengths) * len(self.journeys.states))
        return {place: earned for place, earned in enumerate(sums) if earned}


def by_position(earned: Earned, *, model: str) -> list[Fraction]:
    """What each state is credited with, in the order of the journeys' states; model is one of ``POSITION_MODELS``."""
    lengths, _ = earned.journeys.ranked_lengths
    width = len(earned.journeys.states)
    parts = [(sums, [share(max(1, length)) for length in lengths.tolist()]) for sums, share in _parts(earned, model)]
    whole = lcm(*(share.denominator for _, shares in parts for share in shares))
    units = [0] * width
    for sums, shares in parts:
        weights = [share.numerator * (whole // share.denominator) for share in shares]
        for place, worth in sums.items():
            units[place % width] += worth * weights[place // width]
    return [Fraction(each, whole) for each in units]


def _parts(earned: Earned, model: str) -> Sequence[tuple[Sums, Callable[[int], Fraction]]]:
    """Some touches, and the share of each in what a path of so many touches earned."""
    if model == "first_touch":
        return [(earned.by_first, _whole)]
    if model == "last_touch":
        return [(earned.by_last, _whole)]
    if model == "last_non_direct":
        return [(earned.by_last_signed, _whole)]
    if model == "linear":
        return [(earned.by_touch, lambda length: Fraction(1, length))]
    if model == "position_based":
        return [(earned.by_touch, _between), (earned.by_first, _more_at_an_end), (earned.by_last, _more_at_an_end)]
    raise ValueError(f"{model} is no model by position; these are: {', '.join(POSITION_MODELS)}")


def _whole(_: int) -> Fraction:
    return Fraction(1)


def _between(length: int) -> Fraction:
    """A path of one or two touches has none between its ends."""
    return Fraction(1, 5 * (length - 2)) if length > 2 else Fraction(0)


def _more_at_an_end(length: int) -> Fraction:
    """What a touch at an end has beyond one between; a path of one touch has it at both ends, one of two is halved."""
    return Fraction(2, 5) - _between(length) if length > 2 else Fraction(1, 2)


def _last_signed(journeys: Journeys, last: Integers) -> Integers:
    """The last touch of each path that is not direct; where all are, the last."""
    if DIRECT not in journeys.states:
        return last
    signed = np.where(journeys.codes != journeys.states.index(DIRECT), np.arange(len(journeys.codes)), -1)
    latest = np.maximum.accumulate(signed)[last]
    begins = last - journeys.lengths[journeys.lengths > 0] + 1
    return np.where(latest >= begins, latest, last)
