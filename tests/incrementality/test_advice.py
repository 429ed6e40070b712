"""Marginal returns: below the average where activity is saturated, and advice only where tests stand behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.incrementality import Evidence, Panel
from pipelines.incrementality.advice import MarginalReturn, marginal_returns
from pipelines.incrementality.estimate import estimates_of, weigh_evidence
from pipelines.incrementality.shapes import LIMITS, SIZES, SLOPES, dictionary, elasticities, kernels
from tests.incrementality.companies import credits, lift_test, panel


def returns(
    company: Panel, truth: np.ndarray, *, tested: str = "", break_even: float = 1.0
) -> dict[str, MarginalReturn]:
    tests = tuple(lift_test(name, truth[n] * 0.07, truth[n] * 0.0035) for n, name in enumerate("abc") if name in tested)
    evidence = Evidence(company, tests, credits(truth))
    weighed = weigh_evidence(evidence)
    found = marginal_returns(weighed, estimates_of(evidence, weighed), break_even=break_even)
    return {each.network: each for each in found}


def test_without_any_test_there_is_no_advice() -> None:
    found = returns(*panel(1))
    assert all(each.low is None and each.advice is None and "test" in (each.reason or "") for each in found.values())


def test_advice_is_given_where_the_whole_range_is_on_one_side() -> None:
    company, truth = panel(1)
    cheap = returns(company, truth, tested="ab", break_even=0.05)["a"]
    dear = returns(company, truth, tested="ab", break_even=20.0)["a"]
    assert (cheap.advice, dear.advice) == ("raise", "lower")
    assert cheap.low is not None and cheap.high is not None and cheap.low < cheap.high
    between = returns(company, truth, tested="ab", break_even=(cheap.low + cheap.high) / 2)["a"]
    assert between.advice is None and "range holds" in (between.reason or "")
    assert cheap.low < truth[0] / company.spend[:, 0].sum()


def test_no_cost_no_return() -> None:
    company, truth = panel(1)
    spend = company.spend.copy()
    spend[:, 1] = np.nan
    found = returns(replace(company, spend=spend), truth, tested="ab")["b"]
    assert found.low is None and "no cost" in (found.reason or "")


def test_a_break_even_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        returns(*panel(1), break_even=0.0)


def test_elasticities_are_what_a_little_more_activity_brings() -> None:
    activity = np.random.default_rng(0).gamma(2.0, size=300)
    found = elasticities(activity)
    assert found.shape == (dictionary(activity).shape[1],)
    by_axis = found.reshape(SIZES)
    assert np.allclose(by_axis[:, :, 0], 1.0)  # there is no limit
    assert by_axis[..., 0].min() > 0 and by_axis[:, :, 1:, 0].max() < 1
    spread = activity  # under the first kernel, without carry-over
    assert kernels()[0][0] == 1.0
    for place, slope in enumerate(SLOPES):
        effect, more = ((each / (3.0 * spread.mean())) ** slope for each in (spread, 1.001 * spread))
        grown = (more / (1 + more)).sum() / (effect / (1 + effect)).sum() - 1
        assert by_axis[0, 0, list(LIMITS).index(3.0), place] == pytest.approx(grown / 0.001, rel=2e-3)
