"""Lift tests, as companies run them: on a part of the people or regions, with the error that this brings."""

from __future__ import annotations

import numpy as np

from pipelines.simulate.worlds.effect import Effect
from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.values import WARM_UP, Design, Floats, Test

DESIGNS: tuple[Design, ...] = ("geo", "user_holdout", "pause")
SHORTEST, LONGEST = 21, 56
"""Days that a test takes."""
USUAL_RETURN = 1.6
"""What companies hope for from each unit spent."""


def run_tests(
    dice: np.random.Generator, family: Family, *, effect: Effect, by_day: Floats, spend: Floats
) -> tuple[Test, ...]:
    """One test of every second network, beginning in the last two thirds of the panel.

    Tests are run beside the panel, on a twin of it: what a test of some weeks on a part of the people costs in sales is
    below what the panel's own noise hides. What they find is the network's true effect within their days, bent by the
    family's bias, and an error of sampling.

    Companies plan a test so that it can see what they hope for: they take as many people and regions as that needs. The
    standard error is therefore 8 to 22 % of what the spend of those days would bring at the usual return, more in a
    pause, which has only a forecast to be held against. It depends on the spend and never on the truth, so that it
    betrays nothing: a test of a network that brings little is as imprecise as it would be.
    """
    days, networks = by_day.shape
    found = []
    for network in range(0, networks, 2):
        length = int(dice.integers(SHORTEST, LONGEST + 1))
        first = int(dice.integers(days // 3, max(days - length, days // 3 + 1)))
        last = min(first + length, days) - 1
        design = DESIGNS[int(dice.choice(len(DESIGNS), p=(0.4, 0.45, 0.15)))]
        usual = float(spend[:, network].mean()) * (last - first + 1) * USUAL_RETURN
        error = max(usual * float(dice.uniform(0.08, 0.22)) * (1.5 if design == "pause" else 1.0), 1.0)
        true = float(by_day[first : last + 1, network].sum())
        seen = true if family.washed_out else true * (1 - _still_carried(effect, network, first, last))
        bias = 1 + family.test_bias * dice.normal()
        cost = float(spend[first : last + 1, network].sum())
        found.append(Test(network, first, last, bias * seen + error * dice.normal(), error, design, cost))
    return tuple(found)


def _still_carried(effect: Effect, network: int, first: int, last: int) -> float:
    """The part of the effect on a test's days that earlier days carried into it."""
    tail = 1 - np.cumsum(effect.kernel[network])
    share = np.concatenate([tail, np.zeros(max(last - first + 1 - len(tail), 0))])[: last - first + 1]
    weight = effect.expected[WARM_UP + first : WARM_UP + last + 1, network]
    return float((share * weight).sum() / max(weight.sum(), 1e-12))
