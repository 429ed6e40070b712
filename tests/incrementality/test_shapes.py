"""Which part of an effect falls on given days: by shapes, by credit, and what earlier days carried there."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.incrementality.shapes import plausible, spread_of
from tests.incrementality.companies import panel

DAYS = np.arange(400)
WINDOW = (DAYS >= 200) & (DAYS < 230)


def test_shapes_are_more_or_less_likely_before_the_data() -> None:
    assert plausible().sum() == pytest.approx(1)
    assert np.all(plausible() > 0)


def test_nothing_is_carried_in_where_nothing_ran_before() -> None:
    ran = np.where(WINDOW, 100.0, 0.0)
    assert spread_of(ran, None).carried_into(WINDOW) == pytest.approx(0, abs=1e-12)
    steady = spread_of(np.full(400, 100.0), None)
    part, _ = steady.part_on(WINDOW)
    assert 0.05 * part < steady.carried_into(WINDOW) < 0.4 * part


def test_more_is_carried_into_a_short_test_and_none_of_an_effect_of_the_day_itself() -> None:
    steady = spread_of(np.full(400, 100.0), None)
    shorter = (DAYS >= 200) & (DAYS < 207)
    assert steady.carried_into(shorter) / steady.part_on(shorter)[0] > 2 * (
        steady.carried_into(WINDOW) / steady.part_on(WINDOW)[0]
    )
    at_once = spread_of(np.full(400, 100.0), 1.0 * (np.arange(len(plausible())) == 0))
    assert at_once.carried_into(WINDOW) < steady.carried_into(WINDOW)


def test_credit_by_day_counts_beside_shapes_where_conversions_are_many() -> None:
    spread = spread_of(panel(1)[0].activity[:, 0], None)
    days = np.where(WINDOW, 3.0, 1.0)
    days /= days.sum()
    plain, many, few = (spread.credited_by(days, count).part_on(WINDOW)[0] for count in (0.0, 1e6, 50.0))
    credited = float(days[WINDOW].sum())
    assert many == pytest.approx((plain + credited) / 2, rel=1e-3)
    assert abs(few - plain) < 0.3 * abs(many - plain)


def test_parts_add_up_whatever_credit_says() -> None:
    days = np.random.default_rng(0).gamma(1, size=400)
    spread = spread_of(panel(1)[0].activity[:, 0], None).credited_by(days / days.sum(), 300.0)
    parts = [spread.part_on((first <= DAYS) & (first + 100 > DAYS))[0] for first in (0, 100, 200, 300)]
    assert sum(parts) == pytest.approx(1)


def test_a_pause_lost_what_would_have_gone_on() -> None:
    steady = np.full(400, 100.0)
    rested = np.where(WINDOW, 0.0, steady)
    found = spread_of(rested, None).part_missing(WINDOW)
    assert found is not None
    missing, apart = found
    part, _ = spread_of(rested, None).part_on(WINDOW)
    assert part < 0.03  # what is still carried over
    assert 0.05 < missing < 30 / 370  # less than all days' part, since something was still carried over
    assert 0.15 <= apart < 0.5


def test_a_pause_that_activity_does_not_show_is_none() -> None:
    assert spread_of(np.full(400, 100.0), None).part_missing(WINDOW) is None
    assert spread_of(np.zeros(400), None).part_missing(WINDOW) is None
    half = np.where(WINDOW, 60.0, 100.0)
    assert spread_of(half, None).part_missing(WINDOW) is None
    assert spread_of(half, None).part_missing(WINDOW, share=0.4) is not None
