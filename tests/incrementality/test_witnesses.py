"""Weighing witnesses: tests calibrate the others, nothing is believed blindly, and nothing is random."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from pipelines.incrementality import witnesses
from pipelines.incrementality.heard import Heard
from pipelines.incrementality.importance import pareto_k
from pipelines.incrementality.witnesses import weigh

SILENT = np.full(4, np.nan)
TRUTH = np.array([200.0, 100.0, 300.0, 150.0])


def heard(**known: np.ndarray) -> Heard:
    """Four networks that cost 100 each, and what is known of them."""
    nothing = {
        "scale": np.full(4, 100.0), "days": SILENT, "error": SILENT, "slack": SILENT, "credit": SILENT,
        "credit_error": SILENT, "test": np.zeros(0), "test_error": np.zeros(0), "test_relative": np.zeros(0),
        "tested": np.zeros((0, 4)),
    }  # fmt: skip
    whole = nothing | known
    return Heard(**{"carried_in": np.zeros_like(whole["tested"])} | whole)


def lifts_of(*networks: int, error: float = 0.1) -> dict[str, np.ndarray]:
    return {
        "test": TRUTH[list(networks)],
        "test_error": error * TRUTH[list(networks)],
        "test_relative": np.zeros(len(networks)),
        "tested": np.eye(4)[list(networks)],
    }


def width(found: witnesses.Verdict, network: int) -> float:
    return found.quantile(network, 0.95) - found.quantile(network, 0.05)


def test_without_evidence_nothing_is_learnt() -> None:
    found = weigh(heard())
    assert np.all(found.surprise < 0.1)
    assert found.quantile(0, 0.05) == 0
    assert found.quantile(0, 0.95) > 500


def test_a_test_is_believed() -> None:
    found = weigh(heard(**lifts_of(0)))
    assert found.quantile(0, 0.05) < TRUTH[0] < found.quantile(0, 0.95)
    assert width(found, 0) < 0.9 * TRUTH[0]  # what it found holds for its days, and for how it was run
    assert found.surprise[0] > 0.7 > found.surprise[1]


def test_tests_say_by_how_much_credit_is_off_elsewhere() -> None:
    credit = {"credit": np.log(3 * TRUTH), "credit_error": np.full(4, 0.1)}
    alone, calibrated = weigh(heard(**credit)), weigh(heard(**credit, **lifts_of(0, 1, 2)))
    assert abs(np.log(calibrated.quantile(3, 0.5) / TRUTH[3])) < abs(np.log(alone.quantile(3, 0.5) / TRUTH[3]))
    assert width(calibrated, 3) < width(alone, 3)
    assert calibrated.shared["credit"][0] == pytest.approx(np.log(3), abs=0.25)


def test_tests_say_by_how_much_platforms_overclaim_elsewhere() -> None:
    claims = {"claims": np.log(4 * TRUTH), "claims_error": np.full(4, 0.05)}
    alone, calibrated = weigh(heard(**claims)), weigh(heard(**claims, **lifts_of(0, 1, 2)))
    assert calibrated.shared["claims"][0] == pytest.approx(np.log(4), abs=0.3)
    assert abs(np.log(calibrated.quantile(3, 0.5) / TRUTH[3])) < abs(np.log(alone.quantile(3, 0.5) / TRUTH[3]))
    assert width(calibrated, 3) < width(alone, 3)


def test_claims_have_a_bias_of_their_own_and_say_little_that_credit_does_not() -> None:
    credit = {"credit": np.log(0.6 * TRUTH), "credit_error": np.full(4, 0.1)}
    claims = {"claims": np.log(4 * TRUTH), "claims_error": np.full(4, 0.05)}
    tests = lifts_of(0, 1, 2)
    either, both = weigh(heard(**credit, **tests)), weigh(heard(**credit, **claims, **tests))
    assert both.shared["credit"][0] == pytest.approx(np.log(0.6), abs=0.3)
    assert both.shared["claims"][0] == pytest.approx(np.log(4), abs=0.3)
    assert width(both, 3) == pytest.approx(width(either, 3), rel=0.15)
    assert width(weigh(heard(**claims, **tests)), 3) < 0.7 * width(weigh(heard(**tests)), 3)


def test_a_claim_that_errs_the_way_credit_errs_is_no_second_voice() -> None:
    off = np.array([1.0, 1.0, 1.0, 3.0])  # both say three times as much of the last as elsewhere
    tests, errors = lifts_of(0, 1, 2), {"credit_error": np.full(4, 0.1), "claims_error": np.full(4, 0.05)}
    together = weigh(heard(credit=np.log(TRUTH * off), claims=np.log(TRUTH * off), **errors, **tests))
    with mock.patch.object(witnesses, "SAME_TOUCHES", 0.0):
        as_two = weigh(heard(credit=np.log(TRUTH * off), claims=np.log(TRUTH * off), **errors, **tests))
    assert together.quantile(3, 0.5) < as_two.quantile(3, 0.5)
    assert width(together, 3) > width(as_two, 3) * 0.9


def test_claims_alone_never_rule_out_that_nothing_was_caused() -> None:
    found = weigh(heard(claims=np.log(TRUTH), claims_error=np.full(4, 0.05)))
    assert all(found.quantile(network, 0.05) == 0 for network in range(4))


def test_tests_say_how_far_days_are_confounded_elsewhere() -> None:
    slack = np.full(4, 500.0)
    days = {"days": TRUTH + 0.3 * slack, "error": np.full(4, 10.0), "slack": slack}
    found = weigh(heard(**days, **lifts_of(0, 1, 2, error=0.05)))
    assert found.quantile(3, 0.05) <= TRUTH[3] <= found.quantile(3, 0.95)
    assert found.quantile(3, 0.5) < days["days"][3] - 0.5 * 0.3 * 500
    assert found.shared["confounding"][0] == pytest.approx(0.3, abs=0.12)


def test_a_test_that_begins_on_a_running_network_may_have_missed_what_was_carried_in() -> None:
    tests = lifts_of(0)
    clean, running = weigh(heard(**tests)), weigh(heard(**tests, carried_in=0.4 * tests["tested"]))
    assert running.quantile(0, 0.5) > 1.1 * clean.quantile(0, 0.5)
    assert running.quantile(0, 0.05) < TRUTH[0] < running.quantile(0, 0.95)


def test_a_test_that_finds_nothing_leaves_nothing_open() -> None:
    found = weigh(heard(**lifts_of(0) | {"test": np.array([1.0]), "test_error": np.array([3.0])}))
    assert found.quantile(0, 0.5) == 0
    assert found.quantile(0, 0.95) < 15


def test_a_result_that_is_too_low_counts_no_more_than_one_that_is_too_high() -> None:
    tests = lifts_of(0, 0) | {"test": TRUTH[0] * np.array([0.6, 1.4]), "test_relative": np.full(2, 0.3)}
    found = weigh(heard(**tests | {"test_error": np.full(2, 1.0)}))
    assert found.quantile(0, 0.5) == pytest.approx(TRUTH[0], rel=0.12)


def test_a_test_can_be_left_out_again() -> None:
    evidence = heard(**lifts_of(0, 2))
    one_more = evidence.with_test(1, 100.0, error=5.0, relative=0.1, part=0.5)
    assert width(weigh(one_more), 1) < width(weigh(evidence), 1)
    assert np.array_equal(weigh(one_more.without_test(2)).chances, weigh(evidence).chances)


def test_credit_alone_never_rules_out_that_nothing_was_caused() -> None:
    found = weigh(heard(credit=np.log(TRUTH), credit_error=np.full(4, 0.1)))
    assert all(found.quantile(network, 0.05) == 0 for network in range(4))


def test_the_same_evidence_gives_the_same_verdict_to_the_last_bit() -> None:
    evidence = heard(credit=np.log(TRUTH), credit_error=np.full(4, 0.1), **lifts_of(1))
    assert np.array_equal(weigh(evidence).chances, weigh(evidence).chances)


def test_a_network_that_costs_more_is_expected_to_return_less_per_unit() -> None:
    costlier = np.array([-1.5, 0.0, 0.0, 1.5])
    days = {"days": TRUTH, "error": np.full(4, 90.0), "slack": np.zeros(4)}
    alike, apart = weigh(heard(**days)), weigh(heard(**days, costlier=costlier))
    assert apart.quantile(0, 0.5) > 1.05 * alike.quantile(0, 0.5)
    assert apart.quantile(3, 0.5) < 0.95 * alike.quantile(3, 0.5)
    equal = {"days": 150 * np.exp(costlier), "error": np.full(4, 3.0), "scale": 100 * np.exp(costlier)}
    learnt = weigh(heard(**days | equal, costlier=costlier)).shared["diminishing"]
    assert learnt[0] < witnesses.SHARED["diminishing"][0] and learnt[1] < witnesses.SHARED["diminishing"][1]


def test_without_evidence_nothing_is_learnt_of_a_network_that_costs_more() -> None:
    found = weigh(heard(costlier=np.array([-2.0, 0.0, 0.0, 2.0])))
    assert np.all(np.abs(found.surprise) < 0.1)


def test_chances_add_up_and_money_has_no_unit() -> None:
    evidence = heard(credit=np.log(TRUTH), credit_error=np.full(4, 0.1), **lifts_of(1))
    found = weigh(evidence)
    assert np.allclose(found.chances.sum(axis=1), 1)
    cents = weigh(
        replace(
            evidence,
            scale=100 * evidence.scale,
            credit=evidence.credit + np.log(100),
            test=100 * evidence.test,
            test_error=100 * evidence.test_error,
        )
    )
    assert cents.quantile(0, 0.5) == pytest.approx(100 * found.quantile(0, 0.5), rel=1e-6)


def test_heavy_tails_of_weights_are_told() -> None:
    dice = np.random.default_rng(0)
    light, heavy = dice.normal(size=4000), dice.normal(size=4000)
    assert pareto_k(-0.1 * light**2) < 0.5
    assert pareto_k(0.9 * 0.5 * heavy**2) > 0.7
    assert pareto_k(np.zeros(1000)) == -np.inf


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("level", [-12.0, 0.4, 12.0])
def test_returns_that_lie_beyond_the_grid_are_said_to_be_at_its_end(level: float) -> None:
    """As a point of the sampling may have it: a narrow spread around a level that no network reaches."""
    found = np.exp(witnesses._prior({"spread": np.array([0.05]), "nothing": np.zeros(1)}, np.array([level]))[0])
    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx(0.5)
    assert witnesses.GRID[1 + found[1:].argmax()] == pytest.approx(np.clip(level, -6.0, 5.0), abs=0.05)
