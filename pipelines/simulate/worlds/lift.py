"""Lift tests, as companies run them: on a part of the people or regions, with the error that this brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.worlds.effect import Effect
from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.values import WARM_UP, Design, Floats, Test

DESIGNS: tuple[Design, ...] = ("geo", "user_holdout", "pause")
SHORTEST, LONGEST = 21, 56
"""Days that a test takes."""
USUAL_RETURN = 1.6
"""What companies hope for from each unit spent."""


@dataclass(frozen=True)
class Plan:
    """A test that is going to be run: its first and last day (places in the panel), how, and how precise (standard
    error as a part of what its days' spend brings at the usual return)."""

    network: int
    first: int
    last: int
    design: Design
    precision: float


def plan_tests(dice: np.random.Generator, family: Family, *, days: int, networks: int) -> tuple[Plan, ...]:
    """One test of every second network, beginning in the last two thirds of the panel. Nobody pauses where a sale takes
    months.

    Companies plan a test so that it can see what they hope for: they take as many people and regions as that needs. The
    standard error is therefore 8 to 22 % of what the spend of those days would bring at the usual return, more in a
    pause, which has only a forecast to be held against. It depends on the spend and never on the truth, so that it
    betrays nothing: a test of a network that brings little is as imprecise as it would be.
    """
    found = []
    for network in range(0, networks, 2):
        length = int(dice.integers(SHORTEST, LONGEST + 1))
        first = int(dice.integers(days // 3, max(days - length, days // 3 + 1)))
        design = DESIGNS[int(dice.choice(len(DESIGNS), p=(0.4, 0.45, 0.15)))]
        if design == "pause" and family.closing[1] > 0:
            design = "user_holdout"
        precision = float(dice.uniform(0.08, 0.22)) * (1.5 if design == "pause" else 1.0)
        found.append(Plan(network, first, min(first + length, days) - 1, design, precision))
    return tuple(found)


def run_tests(
    dice: np.random.Generator,
    family: Family,
    plans: tuple[Plan, ...],
    *,
    effect: Effect,
    lost: Floats,
    by_day: Floats,
    spend: Floats,
) -> tuple[Test, ...]:
    """What the planned tests find: the network's true effect within their days, bent by the family's bias, and an error
    of sampling.

    Geographic tests and holdouts are run beside the panel, on a twin of it: what a test of some weeks on a part of the
    people costs in sales is below what the panel's own noise hides. A pause is in the panel, for all people.

    Args:
        lost: (T, N) revenue that pauses cost, in expectation.
        by_day: (T, N) revenue that each network did cause.
        spend: (T, N).
    """
    found = []
    for plan in plans:
        inside = slice(plan.first, plan.last + 1)
        usual = float(spend[:, plan.network].mean()) * (plan.last - plan.first + 1)
        error = max(usual * USUAL_RETURN * plan.precision, 1.0)
        seen = float((lost if plan.design == "pause" else by_day)[inside, plan.network].sum())
        if plan.design != "pause" and not family.washed_out:
            seen *= 1 - _still_carried(effect, plan.network, plan.first, plan.last)
        bias = 1 + family.test_bias * dice.normal()
        cost = usual if plan.design == "pause" else float(spend[inside, plan.network].sum())
        result = bias * seen + error * dice.normal()
        found.append(Test(plan.network, plan.first, plan.last, result, error, plan.design, cost))
    return tuple(found)


def _still_carried(effect: Effect, network: int, first: int, last: int) -> float:
    """The part of the effect on a test's days that earlier days carried into it."""
    tail = 1 - np.cumsum(effect.kernel[network])
    share = np.concatenate([tail, np.zeros(max(last - first + 1 - len(tail), 0))])[: last - first + 1]
    weight = effect.expected[WARM_UP + first : WARM_UP + last + 1, network]
    return float((share * weight).sum() / max(weight.sum(), 1e-12))
