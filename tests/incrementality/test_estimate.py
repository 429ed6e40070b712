"""From evidence to estimates: grades, periods, and no number where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.incrementality import Estimate, Evidence, LiftTest, Panel, estimate
from pipelines.incrementality.estimate import weigh_evidence
from pipelines.incrementality.periods import periods_of
from tests.incrementality.companies import FIRST, credits, lift_test, panel


def whole(rows: tuple[Estimate, ...]) -> dict[str, Estimate]:
    return {row.network: row for row in rows if row.period_kind == "all" and not row.campaign}


def test_grades_say_what_stands_behind_a_number() -> None:
    company, truth = panel(1)
    alone = whole(estimate(Evidence(company)))
    assert {row.evidence for row in alone.values()} == {"model"}
    test = lift_test("a", truth[0] * 28 / 400, truth[0] * 28 / 4000)
    found = whole(estimate(Evidence(company, (test,), credits(truth))))
    assert [row.evidence for row in found.values()] == ["experiment", "calibrated_model", "calibrated_model"]
    assert found["a"].method == "1 own test, daily series, credit"
    silent = replace(company, activity=np.full_like(company.activity, np.nan))
    credited = whole(estimate(Evidence(silent, credits=credits(truth))))["b"]
    assert (credited.evidence, credited.method) == ("credit_only", "credit")
    assert "no daily activity" in (credited.reason or "")


def test_what_costs_more_is_told_from_what_has_no_cost() -> None:
    company, _ = panel(1)
    days = company.days
    spend = np.tile(np.array([1.0, 8.0, np.nan]), (days, 1))
    assert np.allclose(replace(company, spend=spend).costlier, np.log([8**-0.5, 8**0.5, 1.0]))
    spend[:, :2] = 100.0, 1e5
    assert np.allclose(replace(company, spend=spend).costlier, np.log([0.1, 10.0, 1.0]))
    assert not replace(company, spend=np.full((days, 3), np.nan)).costlier.any()
    heard = weigh_evidence(Evidence(replace(company, spend=spend))).heard
    assert heard.costlier is not None and heard.costlier[1] > heard.costlier[2] > heard.costlier[0]


def test_a_test_narrows_its_network_and_the_others() -> None:
    company, truth = panel(2, follows=0.4)
    tests = tuple(lift_test(name, truth[n] * 28 / 400, truth[n] * 28 / 400 * 0.08) for n, name in enumerate("ab"))
    before = whole(estimate(Evidence(company, (), credits(truth, 2.5))))
    after = whole(estimate(Evidence(company, tests, credits(truth, 2.5))))
    for name in "ab":
        assert (after[name].high or 0) - (after[name].low or 0) < (before[name].high or 0) - (before[name].low or 0)
    assert (after["c"].low or 0) <= truth[2] <= (after["c"].high or 0)
    points = [found["c"].incremental_revenue or 0 for found in (before, after)]
    assert abs(points[1] - truth[2]) < abs(points[0] - truth[2])


def test_each_period_has_its_own_interval_and_the_order_of_evidence_is_nothing() -> None:
    company, truth = panel(3)
    tests = (lift_test("a", truth[0] * 0.07, truth[0] * 0.007), lift_test("b", truth[1] * 0.07, truth[1] * 0.01))
    rows = estimate(Evidence(company, tests, credits(truth)))
    assert rows == estimate(Evidence(company, tests[::-1], credits(truth)[::-1]))
    mine = [row for row in rows if row.network == "a"]
    assert [row.period_kind for row in mine].count("month") == 14
    total = next(row for row in mine if row.period_kind == "all")
    months = [row for row in mine if row.period_kind == "month"]
    assert sum(row.spend or 0 for row in months) == pytest.approx(total.spend)
    assert sum((row.high or 0) - (row.low or 0) for row in months) > (total.high or 0) - (total.low or 0)
    assert total.return_on(total.high) == pytest.approx((total.high or 0) / (total.spend or 1))


def test_a_day_more_moves_a_closed_month_by_little() -> None:
    company, truth = panel(4, days=401)
    shorter = Panel(
        company.dates[:-1], company.revenue[:-1], company.networks, company.activity[:-1], company.spend[:-1],
        company.controls[:-1], company.unit,
    )  # fmt: skip

    def closed(each: Panel) -> list[float]:
        rows = estimate(Evidence(each, credits=credits(truth)))
        return [
            r.incremental_revenue or 0 for r in rows if r.period_kind == "month" and r.period_end < date(2025, 1, 31)
        ]

    moved = np.abs(np.log(np.array(closed(company)) / np.array(closed(shorter))))
    assert np.median(moved) <= 0.02


def test_what_an_ad_manager_claims_of_some_days_is_heard_for_all_of_them() -> None:
    company, truth = panel(5)
    by_day = company.spend / company.spend.sum(axis=0) * 2 * truth
    some = by_day.copy()
    some[:100] = np.nan
    whole_claim, part_claim = (weigh_evidence(Evidence(company, claimed=each)).heard for each in (by_day, some))
    assert whole_claim.claims is not None and part_claim.claims is not None and part_claim.claims_error is not None
    assert np.exp(whole_claim.claims) == pytest.approx(2 * truth, rel=0.01)
    assert np.exp(part_claim.claims) == pytest.approx(2 * truth, rel=0.25)
    assert (part_claim.claims_error > 0).all()


def test_a_claim_alone_is_an_interval_graded_as_credit_and_no_claim_at_all_is_none() -> None:
    company, truth = panel(5)
    silent = replace(company, activity=np.full_like(company.activity, np.nan))
    claimed = np.full_like(company.activity, np.nan)
    claimed[:, 0], claimed[:, 1] = truth[0] / company.days, 0.0
    rows = whole(estimate(Evidence(silent, claimed=claimed)))
    assert rows["a"].high is not None and rows["a"].evidence == "credit_only"
    assert rows["a"].method == "the platform's claims" and rows["a"].low == 0
    assert [rows[name].high for name in "bc"] == [None, None] and "nor its ad manager" in (rows["b"].reason or "")


def damaged(**changes: object) -> tuple[Panel, np.ndarray]:
    company, truth = panel(5)
    return replace(company, **changes), truth  # type: ignore[arg-type]


def test_fewer_days_than_sixty_say_nothing() -> None:
    company, truth = panel(5, days=59)
    row = whole(estimate(Evidence(company)))["a"]
    assert (row.incremental_revenue, row.low, row.high) == (None, None, None)
    assert "only 59 days" in (row.reason or "") and "neither credit nor a test" in (row.reason or "")
    credited = whole(estimate(Evidence(company, credits=credits(truth))))["a"]
    assert credited.high is not None and "only 59 days" in (credited.reason or "")


def test_a_network_that_is_always_on_alike_says_nothing_by_days() -> None:
    company, _ = panel(5)
    activity = company.activity.copy()
    activity[:, 1] = 700.0
    rows = whole(estimate(Evidence(replace(company, activity=activity))))
    assert rows["b"].high is None and "the same every day" in (rows["b"].reason or "")
    assert rows["a"].high is not None


def test_two_networks_that_move_together_are_not_told_apart() -> None:
    company, _ = panel(5)
    activity = company.activity.copy()
    activity[:, 1] = 3 * activity[:, 0]
    rows = whole(estimate(Evidence(replace(company, activity=activity))))
    assert "that of b" in (rows["a"].reason or "") and "that of a" in (rows["b"].reason or "")
    assert rows["a"].high is None and rows["b"].high is None and rows["c"].high is not None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"standard_error": 0.0}, "no standard error above 0: state it"),
        ({"start": FIRST - timedelta(days=90), "end": FIRST - timedelta(days=60)}, ": load the sales of its days"),
    ],
)
def test_a_test_that_cannot_be_used_is_left_aside_with_the_reason(change: dict[str, object], why: str) -> None:
    company, truth = panel(5)
    test: LiftTest = replace(lift_test("a", 1e6, 1.0), **change)  # type: ignore[arg-type]
    row = whole(estimate(Evidence(company, (test,), credits(truth))))["a"]
    plain = whole(estimate(Evidence(company, (), credits(truth))))["a"]
    assert (row.low, row.high, row.evidence) == (plain.low, plain.high, "model")
    assert "test t-a is left aside" in row.notes[0] and why in row.notes[0]


def test_a_test_that_all_else_contradicts_is_flagged() -> None:
    company, truth = panel(6)
    tests = tuple(lift_test(name, truth[n] * 0.07, truth[n] * 0.004) for n, name in enumerate("abc"))
    odd = replace(tests[0], experiment_id="odd", incremental_revenue=tests[0].incremental_revenue * 6)
    rows = whole(estimate(Evidence(company, (*tests, odd), credits(truth))))
    assert any("odd" in note and "contradict" in note for note in rows["a"].notes)
    assert rows["b"].notes == ()


def test_a_negative_spend_gives_no_return() -> None:
    company, truth = panel(5)
    spend = company.spend.copy()
    spend[3, 0] = -5.0
    row = whole(estimate(Evidence(replace(company, spend=spend), credits=credits(truth))))["a"]
    assert row.spend is None and row.return_on(row.high) is None
    assert "below 0" in (row.reason or "")


def test_periods_are_cut_where_the_data_begin_and_end() -> None:
    found = periods_of(panel(1, days=400)[0])
    kinds = [(period.kind, period.start, period.end) for period in found]
    assert kinds[0] == ("all", date(2024, 1, 1), date(2025, 2, 3))
    assert kinds[1] == ("trailing_365d", date(2024, 2, 5), date(2025, 2, 3))
    assert ("quarter", date(2025, 1, 1), date(2025, 2, 3)) in kinds
    assert ("month", date(2025, 2, 1), date(2025, 2, 3)) in kinds


def test_a_model_that_credits_all_networks_more_disagrees_with_none_of_the_others() -> None:
    company, truth = panel(8)
    alike = credits(truth)
    generous = (*alike, *(replace(each, model="platform", revenue=4 * each.revenue) for each in alike[:3]))
    other = (
        *alike,
        *(replace(e, model="odd", revenue=f * e.revenue) for e, f in zip(alike[:3], (4, 1, 9), strict=True)),
    )
    plain, moved, apart = (weigh_evidence(Evidence(company, credits=said)).heard for said in (alike, generous, other))
    assert np.allclose(moved.credit_error, plain.credit_error, atol=0.01)
    assert np.median(apart.credit_error) > 3 * plain.credit_error[0]


def test_a_pause_is_held_against_what_would_have_been() -> None:
    company, truth = panel(9)
    pause = (np.arange(400) >= 200) & (np.arange(400) < 228)
    activity = np.where(pause[:, None] & (np.arange(3) == 0), 0.0, company.activity)
    rested = replace(company, activity=activity)
    lost = truth[0] * 28 / 400
    test = replace(lift_test("a", lost, 0.1 * lost), paused=True)
    heard = weigh_evidence(Evidence(rested, (test,))).heard
    assert heard.tested[0, 0] == pytest.approx(28 / 372, rel=0.35)
    assert heard.carried_in[0, 0] == 0
    assert (
        weigh_evidence(Evidence(rested, (replace(test, paused=False),))).heard.tested[0, 0] < 0.4 * heard.tested[0, 0]
    )
