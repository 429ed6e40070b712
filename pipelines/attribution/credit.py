"""What chains and games credit in one period: money in exact micros, conversions in exact billionths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pipelines.attribution.game import shapley
from pipelines.attribution.journeys import Journeys, exact_total
from pipelines.attribution.positions import Earned, by_position
from pipelines.attribution.shares import NANOS, divide, settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_CHANNEL = "(none)"
CONVERSIONS = "conversions"


@dataclass
class Credited:
    """What one state is credited with, in whole units; an amount of which nothing is known in the period is None."""

    units: dict[str, int | None]
    removal_effect: float | None = None


def by_chain(journeys: Journeys, effects: NDArray[np.float64]) -> dict[str, dict[str, int]]:
    """``markov``: what conversions with a touch brought, divided in proportion to the removal effects.

    Returns:
        By amount, the units of each state; nothing where no conversion has a touch.
    """
    weights = [Fraction(effect) for effect in effects.tolist()]
    touched = journeys.lengths > 0
    if not any(weights):
        return {}
    return {
        name: dict(zip(journeys.states, divide(exact_total(worth[touched]), weights), strict=True))
        for name, worth in _worths(journeys).items()
    }


def by_game(journeys: Journeys) -> dict[str, dict[str, int]]:
    """``shapley``: each amount's own game, rounded to micros so that the sum stays."""
    return {
        name: dict(zip(journeys.states, settle(shapley(journeys, worth)), strict=True))
        for name, worth in _worths(journeys).items()
    }


def by_rule(journeys: Journeys, models: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
    """Rules that know only a touch's place in its path: totals, rounded to micros so that the sum stays.

    Returns:
        By model and amount, the units of each state.
    """
    earned = {name: Earned(journeys, worth) for name, worth in _worths(journeys).items()}
    return {
        model: {
            name: dict(zip(journeys.states, settle(by_position(each, model=model)), strict=True))
            for name, each in earned.items()
        }
        for model in models
    }


def completed(
    journeys: Journeys,
    divided: dict[str, dict[str, int]],
    *,
    known: dict[str, bool],
    effects: NDArray[np.float64] | None = None,
) -> dict[str, Credited]:
    """Every state of the period with its credit, and what conversions without a touch brought under ``(none)``.

    Args:
        journeys: those of the period.
        divided: by amount, the units of each state.
        known: by amount, whether anything is known of it.
        effects: the removal effect of each state, where the model has one.
    """
    worths = _worths(journeys)
    present = np.flatnonzero(np.bincount(journeys.codes)).tolist()
    found = {
        journeys.states[code]: Credited(
            {name: divided.get(name, {}).get(journeys.states[code], 0) for name in worths},
            None if effects is None else float(effects[code]),
        )
        for code in present
    }
    untouched = journeys.lengths == 0
    if journeys.conversions[untouched].any():
        none = found.setdefault(NO_CHANNEL, Credited(dict.fromkeys(worths, 0)))
        for name, worth in worths.items():
            none.units[name] = (none.units[name] or 0) + exact_total(worth[untouched])
    for credited in found.values():
        credited.units |= {name: None for name, is_known in known.items() if not is_known}
    return found


def weights_of(states: Sequence[str], effects: NDArray[np.float64]) -> dict[str, int]:
    """``markov_path``: what a touch of each state weighs within a path, in billionths of a thousandth of the largest.

    Whole numbers, so that SQL divides exactly; at least 1 for a state that converts, so that no conversion is lost.
    """
    largest = float(effects.max(initial=0.0))
    return {
        state: max(1, round(effect / largest * 10**12))
        for state, effect in zip(states, effects.tolist(), strict=True)
        if effect > 0
    }


def _worths(journeys: Journeys) -> dict[str, NDArray[np.int64]]:
    return {CONVERSIONS: journeys.conversions * NANOS, **journeys.amounts}
