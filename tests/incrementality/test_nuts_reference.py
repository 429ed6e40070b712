"""The fast posterior of the days beside NUTS on the same model; ``make bench-nuts`` does it for many companies."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.incrementality import timeseries
from tests.incrementality.companies import panel

pytest.importorskip("numpyro", reason="the extra is not installed: pip install social-roi[nuts]")


def test_percentiles_are_those_of_nuts() -> None:
    from benchmarks.nuts_reference import Reference, fast

    company, _ = panel(1, days=300, networks=3)
    fit = timeseries.fit(company, usable=np.ones(3, bool))
    assert fit is not None
    slow, deviation, apart = Reference(warm_up=400, draws=2000, chains=2).quantiles(company)
    assert apart < 1.03
    apart_by = np.abs(fast(fit) - slow) / deviation[:, None]
    assert np.all(apart_by[:, 1] < 0.15)
    assert np.all(apart_by < 0.3)  # the ends of so few draws are known to about 0.1 themselves
