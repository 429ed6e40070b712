"""What a geographic test brought: the treated geographies against a mixture of the others that was like them before.

The mixture has weights of at least 0, fitted on the days before the test (Abadie et al., "Synthetic control methods",
JASA 2010, without the constraint that they add up to 1, so that levels may differ). One inference gives interval and
p-value: the same gap is measured over every stretch before the test that is as long as the test and was left out of its
fit, and the test's gap is set against their spread by Student's t (placebos in time; Chernozhukov et al., JASA 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats

LEAST_PLACEBOS = 4
"""Stretches before a test, one after another, without which its error is not known."""


@dataclass(frozen=True)
class GeoPanel:
    """Sales of G geographies on T consecutive days.

    Attributes:
        dates: (T,) datetime64[D].
        sales: (T, G), never NaN.
        treated: (G,) which geographies the test switched on or off.
    """

    dates: NDArray[np.datetime64]
    sales: Floats
    treated: NDArray[np.bool_]


@dataclass(frozen=True)
class GeoEffect:
    """What the test brought in all geographies together, had all been treated.

    Attributes:
        low, high: 90 % interval, which leaves out 0 exactly where ``p_value`` is below 0.1.
        standard_error: of a normal distribution with the same interval: few placebos know their spread badly.
    """

    effect: float
    low: float
    high: float
    standard_error: float
    p_value: float


def geo_effect(panel: GeoPanel, *, start: date, end: date, switched_off: bool = False) -> GeoEffect | str:
    """The effect of a test from ``start`` to ``end``, both included.

    Args:
        switched_off: the treated geographies went without, so that what they lack is the effect.

    Returns:
        The effect, or why there is none and what would give one.
    """
    before = panel.dates < np.datetime64(start)
    during = (panel.dates >= np.datetime64(start)) & (panel.dates <= np.datetime64(end))
    length = int(during.sum())
    if not panel.treated.any() or panel.treated.all():
        return "geo_sales name no treated geographies, or no others to set them against: say which in column group"
    if length == 0:
        return "geo_sales have no day of the test: add them"
    if before.sum() < (LEAST_PLACEBOS + 1) * length:
        return (
            f"geo_sales have {int(before.sum())} days before a test of {length}: {(LEAST_PLACEBOS + 1) * length} are "
            "needed to know its error"
        )
    treated, others = panel.sales[:, panel.treated].sum(axis=1), panel.sales[:, ~panel.treated]
    gap = _gap(treated, others, learnt=before, asked=during)
    days = np.flatnonzero(before)
    placebos = []
    for last in range(len(days), length - 1, -length):
        asked = np.zeros(len(treated), bool)
        asked[days[last - length : last]] = True
        placebos.append(_gap(treated, others, learnt=before & ~asked, asked=asked))
    from scipy.stats import norm, t

    share = treated[before].sum() / panel.sales[before].sum()
    error = float(np.sqrt(np.mean(np.square(placebos))))
    if error <= 1e-9 * abs(treated).sum() or share <= 0:
        return "geo_sales never change, so that a test of them has no error: look at the file"
    p_value = 2 * float(t.sf(abs(gap) / error, len(placebos)))
    effect = (-gap if switched_off else gap) / share
    reach = float(t.ppf(0.95, len(placebos))) * error / share
    return GeoEffect(effect, effect - reach, effect + reach, reach / float(norm.ppf(0.95)), p_value)


def _gap(treated: Floats, others: Floats, *, learnt: NDArray[np.bool_], asked: NDArray[np.bool_]) -> float:
    """What treated geographies sold on the days asked beyond their mixture of others, learnt on other days."""
    from scipy.optimize import nnls

    weights, _ = nnls(others[learnt], treated[learnt])
    return float((treated[asked] - others[asked] @ weights).sum())
