"""What a test says of other days than its own: less with age, with an unusual level, and for a small campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from pipelines.incrementality import Estimate, Evidence, estimate
from pipelines.incrementality.advice import marginal_returns
from pipelines.incrementality.estimate import weigh_evidence
from pipelines.incrementality.judging import DOUBTFUL, relative_error
from tests.incrementality.companies import lift_test, panel


def test_the_error_of_a_test_grows_with_its_distance_and_as_its_campaign_is_smaller() -> None:
    company, _ = panel(1)
    near, far = lift_test("a", 100.0, 1.0, day=186), lift_test("a", 100.0, 1.0, day=370)
    far_away = replace(far, start=far.start + timedelta(days=400), end=far.end + timedelta(days=400))
    errors = [relative_error(company, test, share=1.0, apart=0.1) for test in (near, far, far_away)]
    assert errors == sorted(errors) and errors[0] < errors[-1]
    shares = [relative_error(company, near, share=share, apart=0.1) for share in (1.0, 0.5, 0.1)]
    assert shares == sorted(shares) and shares[0] < shares[-1]


def test_the_error_of_a_test_grows_at_an_unusual_level_and_where_it_is_short() -> None:
    company, _ = panel(1)
    activity = company.activity.copy()
    activity[200:228, 0] *= 8
    usual, heavy = (
        weigh_evidence(Evidence(replace(company, activity=each), (lift_test("a", 3e4, 1e3),))).heard
        for each in (company.activity, activity)
    )
    assert heavy.test_relative[0] > usual.test_relative[0]
    short = weigh_evidence(Evidence(company, (lift_test("a", 3e3, 1e3, days=3),))).heard
    assert short.test_relative[0] > usual.test_relative[0]


def test_a_network_that_falls_silent_is_asked_about() -> None:
    company, _ = panel(1)
    activity = company.activity.copy()
    activity[:40, 0], activity[-40:, 1], activity[-5:, 2] = np.nan, np.nan, np.nan
    found = _over_all(Evidence(replace(company, activity=activity)))
    assert "nothing is reported of it before 2024-02-10" in " ".join(found["a"].notes)
    assert "nothing is reported of it after 2024-12-25" in " ".join(found["b"].notes)
    assert not found["c"].notes


def _over_all(evidence: Evidence) -> dict[str, Estimate]:
    return {each.network: each for each in estimate(evidence) if each.period_kind == "all"}


def test_costs_in_another_unit_are_asked_about_and_measure_nothing() -> None:
    company, truth = panel(3, noise=200.0)
    thousands = replace(company, spend=company.spend / 1000)
    found = _over_all(Evidence(thousands))
    for place, each in enumerate(found.values()):
        assert DOUBTFUL in each.notes
        assert each.low is not None and each.high is not None
        assert each.low < truth[place] < each.high
    assert not any(each.notes for each in _over_all(Evidence(company)).values())


def test_a_test_that_found_many_times_the_cost_is_believed_and_the_cost_is_not() -> None:
    company, truth = panel(3, days=50)  # days say nothing
    cheap = replace(company, spend=company.spend / 1000)
    evidence = Evidence(cheap, (lift_test("b", truth[1] * 28 / 50, truth[1] * 0.02, day=10),))
    found = _over_all(evidence)["b"]
    assert found.low is not None and found.high is not None
    assert found.low < truth[1] < found.high
    assert "only 50 days of sales" in (found.reason or "")
    assert DOUBTFUL in found.notes
    (advised,) = (
        each for each in marginal_returns(weigh_evidence(evidence), estimate(evidence)) if each.network == "b"
    )
    assert (advised.advice, advised.reason) == (None, DOUBTFUL)
