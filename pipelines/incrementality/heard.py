"""What each witness says of the networks, in numbers that can be weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.densities import now_and_then_odd
from pipelines.incrementality.evidence import Floats
from pipelines.incrementality.form import Form


@dataclass(frozen=True)
class Heard:
    """What is known of N networks. NaN where a witness says nothing.

    Attributes:
        scale: (N,) money by which c is measured.
        days, error, slack: (N,) of the regression on days.
        credit: (N,) log of the credited revenue, on the average of models; ``credit_error`` how far these disagree.
        claims: (N,) log of the revenue that the platform itself claims; ``claims_error`` how far it may be off because
            it speaks of some days only. None: no platform says anything.
        test: (M,) what each test found; ``test_error`` its standard error; ``test_relative`` how far, beside what holds
            of any test, the effect on its days may be from that on others, as a part of itself (standard deviation).
        tested: (M, N) the part of each network's c that fell into each test; ``carried_in`` what of that part owes to
            the days before the test.
        order_value: what an effect is made of: few large orders say less than many small ones (``Panel.order_value``).
        form: of what days say around ``days``; None: normal.
        costlier: (N,) log of how many times as much as others each network cost (``Panel.costlier``); None: all alike.
    """

    scale: Floats
    days: Floats
    error: Floats
    slack: Floats
    credit: Floats
    credit_error: Floats
    test: Floats
    test_error: Floats
    test_relative: Floats
    tested: Floats
    carried_in: Floats
    order_value: float = 0.0
    form: Form | None = None
    costlier: Floats | None = None
    claims: Floats | None = None
    claims_error: Floats | None = None

    @property
    def is_heard(self) -> NDArray[np.bool_]:
        """(N,) of which networks any witness says anything."""
        said = np.isfinite(self.days) | np.isfinite(self.credit) | (self.tested > 0).any(axis=0)
        return said if self.claims is None else said | np.isfinite(self.claims)

    def of_touches(self, network: int) -> Iterator[tuple[str, float, float]]:
        """The witnesses that have looked at who met a network, each with its log revenue and the error of that."""
        if np.isfinite(self.credit[network]):
            yield "credit", float(self.credit[network]), float(self.credit_error[network])
        if self.claims is not None and self.claims_error is not None and np.isfinite(self.claims[network]):
            yield "claims", float(self.claims[network]), float(self.claims_error[network])

    def log_chance(self, found: float, inside: Floats, *, error: float, relative: Floats | float) -> Floats:
        """(..., G) log density of a test's result, were these the effects that fell into it."""
        variance = error**2 + (relative * inside) ** 2 + self.order_value * inside
        return now_and_then_odd(found - inside, variance)

    def without_test(self, row: int) -> Heard:
        """All else."""
        kept = np.arange(len(self.test)) != row
        return replace(
            self,
            test=self.test[kept],
            test_error=self.test_error[kept],
            test_relative=self.test_relative[kept],
            tested=self.tested[kept],
            carried_in=self.carried_in[kept],
        )

    def with_test(self, network: int, found: float, *, error: float, relative: float, part: float) -> Heard:
        """As it would be with one more test of a network, of whose c a part falls into the test."""
        tested = np.zeros(len(self.scale))
        tested[network] = part
        return replace(
            self,
            test=np.append(self.test, found),
            test_error=np.append(self.test_error, error),
            test_relative=np.append(self.test_relative, relative),
            tested=np.vstack([self.tested, tested]),
            carried_in=np.vstack([self.carried_in, np.zeros(len(self.scale))]),
        )
