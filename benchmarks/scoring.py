"""How estimates are held against the truth, and peers that ``make bench-truth`` measures beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.incrementality.estimate import Weighed
from pipelines.incrementality.shapes import plausible
from pipelines.incrementality.witnesses import Verdict, weigh

Row = dict[str, list[Any]]
"""What one world adds to a row: by key, a number for each network that it is about."""


def intervals(verdict: Verdict, count: int) -> np.ndarray:
    """(N, 3) 5th, 50th and 95th percentile."""
    return np.array([[verdict.quantile(n, level) for level in (0.05, 0.5, 0.95)] for n in range(count)])


def judged(found: np.ndarray, truth: np.ndarray, chosen: np.ndarray) -> dict[str, list[float]]:
    """Errors and coverage of the chosen networks."""
    low, middle, high = found[chosen].T
    true = truth[chosen]
    return {
        "error": list(np.abs(np.log(np.maximum(middle, 1e-9 + 1e-3 * true) / np.maximum(true, 1e-9)))),
        "covered": list((low <= true) & (true <= high)),
    }


def trusting(weighed: Weighed) -> Verdict:
    """Peer: the days are taken to be unconfounded, and tests are one more term of the likelihood."""
    nothing = np.zeros_like(weighed.heard.slack)
    alone = np.full(len(nothing), np.nan)
    return weigh(replace(weighed.heard, slack=nothing, credit=alone, credit_error=alone))


def rank(found: np.ndarray, true: np.ndarray) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(found, true).statistic)


def as_it_is(effect: np.ndarray, every: int = 1) -> np.ndarray:
    """A dictionary of which all shapes are the given one, of days alone."""
    if every != 1:
        raise ValueError("worlds are told by day")
    return np.repeat((effect / effect.sum())[:, None], len(plausible()), axis=1)
