"""Proposed tests: where doubt is, as big as it takes, and the same every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.incrementality import Evidence
from pipelines.incrementality.designer import DAYS, PARTS, error_of, noise_of, propose_tests
from pipelines.incrementality.estimate import Weighed, weigh_evidence
from tests.incrementality.companies import credits, lift_test, panel


@pytest.fixture(scope="module")
def weighed() -> Weighed:
    company, truth = panel(2, follows=0.3)
    return weigh_evidence(Evidence(company, (lift_test("a", truth[0] * 0.07, truth[0] * 0.0035),), credits(truth, 1.6)))


def test_what_is_tested_already_is_proposed_last(weighed: Weighed) -> None:
    found = propose_tests(weighed)
    assert {each.network for each in found} == {"a", "b", "c"}
    assert found[-1].network == "a"
    assert found[0].narrows > 1.5 * max(found[-1].narrows, 0.0)
    assert found == propose_tests(weighed)


def test_a_proposal_is_a_candidate_and_narrows_its_network(weighed: Weighed) -> None:
    for each in propose_tests(weighed):
        width = weighed.verdict.quantile(weighed.panel.networks.index(each.network), 0.95)
        assert each.days in DAYS and each.part in PARTS
        assert each.standard_error == pytest.approx(error_of(noise_of(weighed.panel, each.days), each.part))
        assert -0.05 * width < each.narrows_own < width


def test_the_noisier_the_sales_the_bigger_the_test_for_the_same_doubt(weighed: Weighed) -> None:
    more = 5000 * np.random.default_rng(0).normal(size=weighed.panel.days)
    noisy = replace(weighed, panel=replace(weighed.panel, revenue=weighed.panel.revenue + more))
    quiet_size, noisy_size = (
        np.mean([each.days * each.part for each in propose_tests(company)]) for company in (weighed, noisy)
    )
    assert quiet_size < noisy_size


def test_error_falls_with_the_part_and_noise_grows_with_the_days() -> None:
    company, _ = panel(2)
    assert error_of(100.0, 0.1) > error_of(100.0, 0.25) > error_of(100.0, 0.5) == pytest.approx(200.0)
    assert noise_of(company, 14) < noise_of(company, 28) < noise_of(company, 56)


def test_a_short_panel_proposes_nothing() -> None:
    company, truth = panel(2, days=90)
    assert propose_tests(weigh_evidence(Evidence(company, (), credits(truth)))) == ()
