"""Dividing a whole number of micros among several, to the last one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

NANOS = 1_000_000_000
"""Conversions are divided in billionths: thirds of many then still add up to six digits."""


def divide(amount: int, weights: Sequence[Fraction | float | int]) -> list[int]:
    """Divide ``amount`` in proportion to the weights, by the largest remainder; ties go to the earlier place.

    Args:
        amount: in micros; may be negative.
        weights: not negative, and not all 0.

    Returns:
        One whole number for each weight; they add up to ``amount``. A weight of 0 gets 0.
    """
    exact = [Fraction(weight) for weight in weights]
    total = sum(exact)
    return _rounded([abs(amount) * weight / total for weight in exact], sign=-1 if amount < 0 else 1)


def settle(values: Sequence[Fraction]) -> list[int]:
    """Round values that add up to a whole number so that they still do: floors, then the largest remainders."""
    return _rounded(list(values), sign=1)


def _rounded(values: list[Fraction], *, sign: int) -> list[int]:
    floors = [value.numerator // value.denominator for value in values]
    missing = int(sum(values)) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda place: (floors[place] - values[place], place))
    for place in by_remainder[:missing]:
        floors[place] += 1
    return [sign * floor for floor in floors]
