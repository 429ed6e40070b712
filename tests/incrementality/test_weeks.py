"""Sales that are known by week alone are held against effects week by week, however they are written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from pipelines.incrementality import Evidence, Panel, estimate
from pipelines.incrementality.judging import usable_activity
from pipelines.incrementality.timeseries import fit
from pipelines.incrementality.weeks import BY_WEEK, by_day, in_weeks, with_closed_days
from tests.incrementality.companies import panel

EVERY = np.ones(3, bool)


def _summed(by_day: np.ndarray[Any, Any], *, lumps: bool) -> np.ndarray[Any, Any]:
    """Each week's sum on its first day, or a seventh on each of its days."""
    weeks = by_day.reshape(-1, 7, *by_day.shape[1:]).sum(axis=1)
    if not lumps:
        return np.repeat(weeks / 7, 7, axis=0)
    found = np.zeros_like(by_day)
    found[::7] = weeks
    return found


def _by_week(company: Panel, *, lumps: bool) -> Panel:
    return replace(
        company, revenue=_summed(company.revenue, lumps=lumps), activity=_summed(company.activity, lumps=lumps)
    )


def test_weeks_tell_what_was_caused_whichever_way_they_are_written() -> None:
    company, truth = panel(3, days=728, noise=400.0)
    fits = [fit(in_weeks(_by_week(company, lumps=lumps)), usable=EVERY) for lumps in (True, False)]
    assert fits[0] is not None
    assert fits[1] is not None
    np.testing.assert_allclose(fits[0].mean, fits[1].mean)
    np.testing.assert_allclose(fits[0].error, fits[1].error)
    assert np.all(np.abs(fits[0].mean - truth) < 3 * fits[0].error)
    daily = fit(company, usable=EVERY)
    assert daily is not None
    assert np.all(fits[0].error > 0.7 * daily.error)  # weeks are no more than their days


def _weekly(seed: int) -> tuple[Panel, np.ndarray[Any, Any]]:
    """Carry-over from week to week and saturation, as mix models of weekly data simulate them; (2,) what is true."""
    dice, weeks = np.random.default_rng(seed), 160
    spend = np.exp(0.5 * dice.normal(size=(weeks, 2))) * 2000 * (dice.random((weeks, 2)) < 0.6) + 200
    kept = np.stack([np.convolve(each, 0.45 ** np.arange(8))[:weeks] for each in spend.T], axis=1)
    effect = kept / (kept + 1.5 * kept.mean(axis=0))
    caused = effect / effect.sum(axis=0) * spend.sum(axis=0) * np.array([2.5, 1.5])
    season = 2000 * np.sin(np.arange(weeks) * 2 * np.pi / 52)
    revenue = 40000 + season + caused.sum(axis=1) + dice.normal(0, 900, weeks)
    dates = np.datetime64("2023-01-02") + np.arange(7 * weeks)
    by_day = np.repeat(spend / 7, 7, axis=0)
    company = Panel(dates, np.repeat(revenue / 7, 7), ("a", "b"), by_day, by_day, np.zeros((7 * weeks, 0)))
    return company, caused.sum(axis=0)


def test_intervals_hold_what_a_mechanism_of_weeks_caused() -> None:
    """Of 8, two may lie outside of their 90 % intervals; taken for days, none of them held (errors of 1.3 in logs)."""
    off, held = [], 0
    for seed in range(4):
        company, truth = _weekly(seed)
        rows = [each for each in estimate(Evidence(company)) if each.period_kind == "all"]
        for each, true in zip(rows, truth, strict=True):
            assert each.low is not None and each.high is not None and each.incremental_revenue is not None
            assert BY_WEEK in each.notes
            held += each.low < true < each.high
            off.append(abs(np.log(each.incremental_revenue / true)))
    assert held >= 6
    assert np.median(off) < 0.6


def test_days_that_differ_are_days() -> None:
    company, _ = panel(3, days=728)
    assert in_weeks(company) is company
    closed = replace(company, revenue=np.where(np.arange(728) % 7 == 6, 0.0, company.revenue))
    assert in_weeks(closed) is closed
    assert in_weeks(replace(company, revenue=np.full(728, 5.0))).weeks_from is None
    in_millions = replace(company, revenue=company.revenue / 1e6)
    assert in_weeks(in_millions) is in_millions


def test_the_weeks_begin_where_their_rows_do() -> None:
    company, _ = panel(3, days=728)
    moved = _by_week(company, lumps=True)
    moved = replace(moved, revenue=np.roll(moved.revenue, 3), activity=np.roll(moved.activity, 3, axis=0))
    found = in_weeks(moved)
    assert found.weeks_from == 3
    np.testing.assert_allclose(found.observed(found.revenue), moved.revenue[3::7][:103])


def test_less_than_a_year_of_weeks_says_nothing() -> None:
    company, _ = panel(3, days=350)
    usable, reasons = usable_activity(in_weeks(_by_week(company, lumps=False)))
    assert not usable.any()
    assert reasons[0] == "only 50 weeks of sales: 52 are needed before weeks say anything"


def test_rows_a_week_apart_become_seven() -> None:
    first = date(2024, 1, 1)
    rows = [{"metric_date": first + timedelta(days=7 * week), "revenue": 70.0 + week} for week in range(9)]
    found = by_day(rows)
    assert [row["metric_date"] for row in found] == [first + timedelta(days=day) for day in range(63)]
    assert sum(row["revenue"] for row in found) == pytest.approx(sum(row["revenue"] for row in rows))
    daily = [{"metric_date": first + timedelta(days=day), "revenue": 10.0} for day in range(63)]
    assert by_day(daily) is daily


def test_days_on_which_a_company_is_always_closed_are_days_without_sales() -> None:
    first = date(2024, 1, 1)
    rows = [{"metric_date": first + timedelta(days=day), "revenue": 10.0, "controls": str(day)} for day in range(70)]
    open_days = [row for row in rows if row["metric_date"].weekday() < 5]
    found, said = with_closed_days(open_days)
    assert said == "sales are never stated for a Saturday or Sunday: it is taken for a day on which nothing is sold"
    assert [row["metric_date"] for row in found] == [first + timedelta(days=day) for day in range(68)]
    assert [row["revenue"] for row in found[3:8]] == [10.0, 10.0, 0, 0, 10.0]
    assert found[6]["controls"] == "4"
    holiday = [row for row in open_days if row["metric_date"] != date(2024, 2, 6)]
    assert with_closed_days(holiday) == (holiday, None)  # a Tuesday: it is not known whether it was closed
    assert with_closed_days(open_days[:20]) == (open_days[:20], None)


def test_no_sales_at_all_are_none() -> None:
    assert by_day([]) == []
    assert with_closed_days([]) == ([], None)
