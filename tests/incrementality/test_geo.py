"""Geographic tests: a known effect is found, none is not, and the error is that of the gap itself."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.incrementality.geo import GeoEffect, GeoPanel, geo_effect
from pipelines.incrementality.weeks import by_day

FIRST = date(2025, 1, 1)


def sales(seed: int, *, lift: float, days: int = 240, test: int = 28) -> tuple[GeoPanel, float]:
    """Twelve geographies, of which four are treated in the last days, and what they sell more for it."""
    dice = np.random.default_rng(seed)
    common = 1 + 0.2 * np.sin(np.arange(days) / 9) + 0.1 * dice.normal(size=days)
    size = dice.uniform(50, 300, 12)
    found = size * common[:, None] * (1 + 0.05 * dice.normal(size=(days, 12)))
    treated = np.arange(12) < 4
    before = found.sum()
    found[-test:, treated] *= 1 + lift
    dates = np.datetime64(FIRST) + np.arange(days)
    return GeoPanel(dates, found, treated), float(found.sum() - before)


def measured(panel: GeoPanel, **how: bool) -> GeoEffect:
    start = FIRST + timedelta(days=len(panel.dates) - 28)
    found = geo_effect(panel, start=start, end=start + timedelta(days=27), **how)
    assert isinstance(found, GeoEffect), found
    return found


def test_an_effect_is_found_as_if_all_had_been_treated() -> None:
    for seed in range(5):
        panel, lift = sales(seed, lift=0.15)
        share = panel.sales[:-28, panel.treated].sum() / panel.sales[:-28].sum()
        found = measured(panel)
        assert found.effect == pytest.approx(lift / share, abs=3 * found.standard_error)
        assert found.p_value < 0.05


def test_interval_and_p_value_are_one_inference() -> None:
    found = [measured(sales(seed, lift=lift)[0]) for seed in range(6) for lift in (0.0, 0.02, 0.04, 0.15)]
    assert {each.p_value < 0.1 for each in found} == {True, False}
    assert all((each.p_value < 0.1) == (each.low > 0 or each.high < 0) for each in found)
    assert all(each.high - each.low == pytest.approx(2 * 1.6449 * each.standard_error, rel=1e-3) for each in found)


def test_no_effect_is_found_about_as_often_as_it_should_be() -> None:
    found = [measured(sales(seed, lift=0.0)[0]).p_value for seed in range(60)]
    assert np.mean(np.array(found) < 0.1) < 0.25


def test_switched_off_turns_the_sign() -> None:
    panel, _ = sales(1, lift=-0.2)
    assert measured(panel).effect < 0 < measured(panel, switched_off=True).effect


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"treated": np.zeros(12, bool)}, "name no treated geographies"),
        ({"treated": np.ones(12, bool)}, "no others to set them against"),
        ({"sales": np.ones((240, 12))}, "never change"),
    ],
)
def test_what_cannot_be_measured_says_why(change: dict[str, np.ndarray], why: str) -> None:
    panel, _ = sales(1, lift=0.1)
    parts = {"dates": panel.dates, "sales": panel.sales, "treated": panel.treated} | change
    start = FIRST + timedelta(days=212)
    found = geo_effect(GeoPanel(**parts), start=start, end=start + timedelta(days=27))
    assert isinstance(found, str) and why in found


def test_too_few_days_before_the_test() -> None:
    panel, _ = sales(1, lift=0.1, days=120)
    start = FIRST + timedelta(days=92)
    found = geo_effect(panel, start=start, end=start + timedelta(days=27))
    assert isinstance(found, str) and "140 are needed" in found
    late = geo_effect(panel, start=FIRST + timedelta(days=500), end=FIRST + timedelta(days=520))
    assert isinstance(late, str) and "no day of the test" in late


def test_geographies_that_are_stated_by_week_tell_the_same() -> None:
    panel, lift = sales(1, lift=0.15, days=238)
    weeks = panel.sales.reshape(-1, 7, 12).sum(axis=1)
    weeks[3, 5] = 0.0  # a week without a sale is one of its weeks too
    rows = [
        {"metric_date": FIRST + timedelta(days=7 * week), "geo": geo, "revenue": weeks[week, geo]}
        for week in range(34)
        for geo in range(12)
    ]
    stated = sorted(by_day(rows), key=lambda row: (row["metric_date"], row["geo"]))
    assert len(stated) == 238 * 12
    by_week = np.array([row["revenue"] for row in stated]).reshape(238, 12)
    found = measured(GeoPanel(panel.dates, by_week, panel.treated))
    share = panel.sales[:-28, panel.treated].sum() / panel.sales[:-28].sum()
    assert found.effect == pytest.approx(lift / share, abs=3 * found.standard_error)
    assert found.standard_error == pytest.approx(measured(panel).standard_error, rel=0.5)
