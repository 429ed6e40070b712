"""Log densities of the errors that witnesses make."""

from __future__ import annotations

import numpy as np

from pipelines.incrementality.evidence import Floats

ODD = 0.08
"""Chance that an error is three times as large as it is said to be, for no known reason."""


def normal(apart: Floats, variance: Floats | float) -> Floats:
    """Log density of a normal, the constant left out."""
    density: Floats = -0.5 * apart**2 / variance - 0.5 * np.log(variance)
    return density


def now_and_then_odd(apart: Floats, variance: Floats | float) -> Floats:
    """Log density of a normal whose error is three times as large with a chance of ``ODD``."""
    usual, odd = normal(apart, variance), normal(apart, 9.0 * variance)
    return np.asarray(np.logaddexp(np.log(1 - ODD) + usual, np.log(ODD) + odd))


def log_sum(logs: Floats) -> Floats:
    """(..., 1) log of the sum of what these are the logs of, over the last axis, however small all of them are."""
    top = logs.max(axis=-1, keepdims=True)
    found: Floats = top + np.log(np.exp(logs - top).sum(axis=-1, keepdims=True))
    return found
