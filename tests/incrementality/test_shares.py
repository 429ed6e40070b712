"""Campaigns and actions: shares add up, and cutting a campaign in two changes nothing else."""

from __future__ import annotations

import time

import numpy as np
import pytest

from pipelines.incrementality import Evidence, Part, estimate
from pipelines.incrementality.shares import shares_of
from tests.incrementality.companies import credits, panel

PARTS = [
    Part("a", "spring", None, 900.0, 30.0, 1000.0),
    Part("a", "summer", None, 100.0, 5.0, 3000.0),
    Part("a", "autumn", None, 0.0, 0.0, 500.0),
]


def test_shares_begin_with_exposure_and_learn_from_conversions() -> None:
    found = shares_of(PARTS).share
    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx((10 * 1000 / 4500 + 35 * 0.9) / 45)
    few = [Part(p.network, p.campaign, None, p.credited, p.conversions / 1000, p.exposure) for p in PARTS]
    assert shares_of(few).share[0] == pytest.approx(1000 / 4500, abs=0.01)


def test_a_campaign_cut_in_two_has_the_share_of_the_two_together() -> None:
    cut = [
        Part("a", "spring 1", None, 300.0, 10.0, 600.0),
        Part("a", "spring 2", None, 600.0, 20.0, 400.0),
        *PARTS[1:],
    ]
    whole, parts = shares_of(PARTS).share, shares_of(cut).share
    assert parts[0] + parts[1] == pytest.approx(whole[0])
    assert parts[2:] == pytest.approx(whole[1:])


def test_what_buyers_met_by_chance_is_no_merit_of_the_campaign_that_was_shown_most() -> None:
    many = [Part(p.network, p.campaign, None, p.credited, 100 * p.conversions, p.exposure) for p in PARTS]
    plain, known = shares_of(many).share, shares_of(many, caused=500.0).share
    assert known.sum() == pytest.approx(1)
    assert known[0] > plain[0] + 0.05  # sells more than it was shown
    assert known[1] < plain[1] - 0.03  # was shown most
    assert shares_of(many, caused=2000.0).share == pytest.approx(plain)
    cut = [
        Part("a", "spring 1", None, 300.0, 1000.0, 600.0),
        Part("a", "spring 2", None, 600.0, 2000.0, 400.0),
        *many[1:],
    ]
    assert shares_of(cut, caused=500.0).share[:2].sum() == pytest.approx(known[0])


def test_without_exposure_or_credit_the_other_decides() -> None:
    unseen = [Part("a", p.campaign, None, p.credited, p.conversions, 0.0) for p in PARTS]
    assert shares_of(unseen).share == pytest.approx([0.9, 0.1, 0])
    uncredited = [Part("a", p.campaign, None, 0.0, 0.0, p.exposure) for p in PARTS]
    assert shares_of(uncredited).share == pytest.approx([1000 / 4500, 3000 / 4500, 500 / 4500])
    assert shares_of([Part("a", c, None, 0.0, 0.0, 0.0) for c in "xy"]).share == pytest.approx([0.5, 0.5])


def test_campaigns_add_up_to_their_network_and_thousands_of_posts_are_divided_in_no_time() -> None:
    company, truth = panel(1)
    dice = np.random.default_rng(0)
    posts = [
        Part("b", "c", f"b:{n}", float(dice.gamma(1)), float(dice.poisson(2)), float(dice.gamma(2)))
        for n in range(3000)
    ]
    bare = Evidence(company, credits=credits(truth))
    begun = time.process_time()
    without = estimate(bare)
    middle = time.process_time()
    rows = estimate(Evidence(company, credits=credits(truth), parts=(*PARTS, *posts)))
    assert (time.process_time() - middle) - (middle - begun) < 1.5
    totals = {row.network: row for row in without if row.period_kind == "all"}
    for network, part in (("a", "campaign"), ("b", "action_key")):
        members = [row for row in rows if row.network == network and getattr(row, part)]
        total = totals[network].incremental_revenue
        assert total is not None
        assert sum(row.incremental_revenue or 0 for row in members) == pytest.approx(total)
        assert all((row.low or 0) <= (row.high or 0) for row in members)
