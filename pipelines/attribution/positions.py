"""Rules that know a touch's place in its path and nothing else: totals by channel, from distinct journeys.

Where the time of a touch does not count, journeys of one path are divided alike, so that the sum over conversions is
that over distinct paths: for each length of path and each state what the paths earned, times the share of such a touch.
The sums are whole numbers, the shares fractions, and only the total of a state is rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pipelines.attribution.journeys import Journeys, exact_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

DIRECT = "direct"
POSITION_MODELS = ("first_touch", "last_touch", "last_non_direct", "linear", "position_based")

Part = tuple["Integers", Callable[[int], Fraction]]
"""Some touches, and the share of each in what a path of so many touches earned."""


def by_position(journeys: Journeys, worth: Integers, *, model: str) -> list[Fraction]:
    """What each state is credited with, in the order of ``journeys.states``.

    Args:
        journeys: the paths; those without a touch credit nobody.
        worth: what each path earned, in whole numbers; may be negative.
        model: one of ``POSITION_MODELS``.
    """
    width = len(journeys.states)
    values = [Fraction(0)] * width
    lengths, ranks = journeys.ranked_lengths
    owners = journeys.owners
    for touches, share in _parts(journeys, model):
        paths = owners[touches]
        sums = exact_sums(ranks[paths] * width + journeys.codes[touches], worth[paths], len(lengths) * width)
        for place, earned in enumerate(sums):
            if earned:
                values[place % width] += earned * share(int(lengths[place // width]))
    return values


def _parts(journeys: Journeys, model: str) -> list[Part]:
    touched = journeys.lengths > 0
    first, last = journeys.offsets[:-1][touched], journeys.offsets[1:][touched] - 1
    if model == "first_touch":
        return [(first, _whole)]
    if model == "last_touch":
        return [(last, _whole)]
    if model == "last_non_direct":
        return [(_last_signed(journeys, last), _whole)]
    every = np.arange(len(journeys.codes))
    if model == "linear":
        return [(every, lambda length: Fraction(1, length))]
    if model == "position_based":
        is_inner = np.ones(len(every), bool)
        is_inner[first] = is_inner[last] = False
        return [
            (first, _at_an_end),
            (last, _at_an_end),
            (every[is_inner], lambda length: Fraction(1, 5 * (length - 2))),
        ]
    raise ValueError(f"{model} is no model by position; these are: {', '.join(POSITION_MODELS)}")


def _whole(_: int) -> Fraction:
    return Fraction(1)


def _at_an_end(length: int) -> Fraction:
    """A path of one touch has it at both ends; one of two is divided in halves."""
    return Fraction(2, 5) if length > 2 else Fraction(1, 2)


def _last_signed(journeys: Journeys, last: Integers) -> Integers:
    """The last touch of each path that is not direct; where all are, the last."""
    if DIRECT not in journeys.states:
        return last
    signed = np.where(journeys.codes != journeys.states.index(DIRECT), np.arange(len(journeys.codes)), -1)
    latest = np.maximum.accumulate(signed)[last]
    begins = last - journeys.lengths[journeys.lengths > 0] + 1
    return np.where(latest >= begins, latest, last)
