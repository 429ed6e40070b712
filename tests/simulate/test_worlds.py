"""Worlds with known truth: the same for a seed, honest about what caused what, and each family what it says."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache

import numpy as np
import pytest

from pipelines.errors import UsageError
from pipelines.simulate.worlds import FAMILIES, World, draw
from pipelines.simulate.worlds.activity import by_group
from pipelines.simulate.worlds.values import NO_CAUSE

SEEDS = range(1, 5)


@cache
def world(family: str, seed: int = 1, days: int = 365) -> World:
    return draw(family, seed, days=days)


def arrays(value: object) -> list[np.ndarray]:
    """All arrays within a value, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, dict):
        return [array for each in value.values() for array in arrays(each)]
    if isinstance(value, tuple):
        return [array for each in value for array in arrays(each)]
    if is_dataclass(value):
        return [array for field in fields(value) for array in arrays(getattr(value, field.name))]
    return [np.array(value)]


def test_the_same_seed_is_the_same_world_and_another_is_another() -> None:
    one, again, other = draw("confounded", 3, days=90), draw("confounded", 3, days=90), draw("confounded", 4, days=90)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(arrays(one), arrays(again), strict=True))
    assert not np.array_equal(one.observed.revenue, other.observed.revenue)
    assert not np.array_equal(one.observed.revenue, draw("exogenous", 3, days=90).observed.revenue)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_seen_adds_up(family: str) -> None:
    seen, orders = world(family).observed, world(family).orders
    assert round(seen.revenue.sum() * 100) == orders.cents.sum()
    networks, campaigns = seen.impressions.shape[1], len(seen.campaign_of)
    assert np.array_equal(by_group(seen.campaign_impressions, seen.campaign_of, networks), seen.impressions)
    assert np.array_equal(by_group(seen.action_impressions, seen.action_of, campaigns), seen.campaign_impressions)
    assert np.allclose(by_group(seen.campaign_spend, seen.campaign_of, networks), seen.spend)
    assert np.allclose(np.bincount(seen.campaign_of, seen.campaign_credited), seen.credited["linear"])
    for name in ("last_touch", "linear", "time_decay"):
        assert 0 < seen.credited[name].sum() < seen.revenue.sum()


@pytest.mark.parametrize("family", FAMILIES)
def test_truth_adds_up_and_is_never_negative(family: str) -> None:
    truth, campaign_of = world(family).truth, world(family).observed.campaign_of
    assert np.allclose(truth.by_day.sum(axis=0), truth.networks)
    assert min(array.min() for array in arrays(truth)) >= 0
    # A saturated network loses less without one campaign than the campaign brought: others bring it then.
    assert (np.bincount(campaign_of, truth.campaigns) <= truth.networks + 1e-6).all()
    assert (np.bincount(world(family).observed.action_of, truth.actions) <= truth.campaigns + 1e-6).all()
    share = truth.networks.sum() / world(family).observed.revenue.sum()
    assert share == 0 if family == "no_effect" else 0.01 < share < 0.5


def test_no_effect_is_exactly_none_though_all_are_touched() -> None:
    nothing = world("no_effect")
    assert not any(array.any() for array in arrays(nothing.truth))
    assert (nothing.orders.cause == NO_CAUSE).all()
    assert (nothing.observed.credited["linear"] > 0).all()
    ads = nothing.actions.is_ad
    assert np.nansum(nothing.observed.claimed[:, ads]) > 0 and np.isnan(nothing.observed.claimed[:, ~ads]).all()


def test_each_platform_claims_an_order_once_whoever_else_claims_it() -> None:
    found = world("retargeting")
    network_of, is_ad = found.observed.campaign_of[found.observed.action_of], found.actions.is_ad
    latest: dict[tuple[int, int], tuple[float, int]] = {}
    touches = zip(found.touches.order, found.touches.action, found.touches.age, found.touches.is_click, strict=True)
    for order, action, age, is_click in touches:
        if action >= 0 and is_ad[action] and age <= (7 if is_click else 1):
            pair = (int(network_of[action]), int(order))
            latest[pair] = min(latest.get(pair, (np.inf, 0)), (float(age), int(action)))
    claimed = np.zeros(len(network_of))
    for (_, order), (age, action) in latest.items():
        if found.orders.opened[order] - np.ceil(age - 0.5) >= 0:
            claimed[action] += found.orders.cents[order]
    assert np.array_equal(np.nansum(found.observed.claimed, axis=0), claimed)
    orders = [order for _, order in latest]
    assert len(orders) > 1.05 * len(set(orders))


def test_truth_is_what_the_effect_loses_in_expectation() -> None:
    """Without a campaign, orders are lost at the rate at which the saturated effect falls: many worlds together."""
    from pipelines.simulate.worlds import activity, effect, population, sales

    family = FAMILIES["campaign_shares"]
    found, wanted = 0.0, 0.0
    for seed in range(6):
        dice = np.random.default_rng(seed)
        people = population.populate(dice, family, 200)
        done = activity.act(dice, family, people, 2)
        caused = effect.cause(dice, family, people, done)
        reach = sales.reach_of(dice, family, people, done)
        orders = sales.sell(dice, family, people, activity=done, effect=caused, reach=reach)
        gone = effect.lost(orders, caused, done, done.actions.campaign)
        first = done.actions.campaign[np.maximum(orders.cause, 0)] == 0
        found += float((gone & first).sum())
        mine = caused.carried[:, done.network_of == 0]
        whole, rest = mine.sum(axis=1), mine[:, done.actions.campaign[done.network_of == 0] != 0].sum(axis=1)
        hill = (rest / (rest + caused.room[0])) / np.maximum(whole / (whole + caused.room[0]), 1e-12)
        wanted += float((caused.expected[:, 0] * (1 - hill))[activity.WARM_UP :].sum())
    assert wanted > 1000
    assert abs(found - wanted) < 4 * np.sqrt(wanted)


def test_tests_are_calibrated_where_they_are_not_biased() -> None:
    def z_scores(family: str) -> np.ndarray:
        found = []
        for seed in range(1, 16):
            drawn = world(family, seed, 180)
            for test in drawn.observed.tests:
                if test.design == "pause":
                    continue
                true = drawn.truth.by_day[test.first : test.last + 1, test.network].sum()
                found.append((test.found - true) / test.standard_error)
        return np.array(found)

    fair = z_scores("exogenous")
    assert len(fair) > 30
    assert abs(fair.mean()) < 0.45
    assert 0.75 < fair.std() < 1.3
    assert (z_scores("misspecified") ** 2).mean() > 1.6 * (fair**2).mean()


def test_a_pause_is_a_gap_in_what_is_shown_and_costs_what_it_says() -> None:
    pauses = [
        (drawn, test)
        for drawn in (world("exogenous", seed, 365) for seed in range(1, 13))
        for test in drawn.observed.tests
        if test.design == "pause"
    ]
    assert len(pauses) >= 3
    found, usual, still, errors = 0.0, 0.0, 0.0, 0.0
    for drawn, test in pauses:
        inside = slice(test.first, test.last + 1)
        assert not drawn.observed.impressions[inside, test.network].any()
        assert drawn.observed.impressions[: test.first, test.network].any()
        days = np.ones(365, bool)
        days[inside] = False
        length = test.last + 1 - test.first
        still += drawn.truth.by_day[inside, test.network].sum()
        usual += drawn.truth.by_day[days, test.network].mean() * length
        found += test.found
        errors += test.standard_error**2
    assert still < 0.35 * usual
    assert abs(found + still - usual) < 3 * np.sqrt(errors) + 0.25 * usual


def flattery(drawn: World) -> float:
    """What a regression on impressions, with weekdays and a year's waves, takes for their effect though it is none: it
    is asked of the sales that nothing caused. As a part of all revenue."""
    seen = drawn.observed
    place = np.arange(len(seen.dates))
    waves = [f(2 * np.pi * k * place / 365.25) for k in (1, 2) for f in (np.sin, np.cos)]
    weekdays = [(place % 7 == day).astype(float) for day in range(7)]
    columns = np.stack([*seen.impressions.T, *waves, *weekdays, place / len(place)], axis=1)
    uncaused = seen.revenue - drawn.truth.by_day.sum(axis=1)
    found = np.linalg.lstsq(columns, uncaused, rcond=None)[0][: seen.impressions.shape[1]]
    return float((found * seen.impressions.sum(axis=0)).sum() / seen.revenue.sum())


def test_only_confounded_days_flatter() -> None:
    confounded = np.array([flattery(world("confounded", seed, 730)) for seed in range(1, 9)])
    exogenous = np.array([flattery(world("exogenous", seed, 730)) for seed in range(1, 9)])
    assert confounded.mean() > 0.1
    assert abs(exogenous.mean()) < 0.04


def test_demand_moves_networks_both_ways_in_mixed_sign() -> None:
    """Without an effect of its own to speak of, what moves with sales from day to day follows or flees demand."""
    drawn = world("mixed_sign", 2, 730)
    base = np.bincount(drawn.orders.day[drawn.orders.cause == NO_CAUSE], minlength=730)
    smooth = np.log(np.maximum(np.convolve(base, np.ones(7) / 7, "same"), 1))
    shown = np.log(np.stack([np.convolve(c, np.ones(7) / 7, "same") for c in drawn.observed.impressions.T], 1) + 1)
    signs = np.array([np.corrcoef(smooth, column)[0, 1] for column in shown.T])
    assert signs.min() < -0.1
    assert signs.max() > 0.1


def test_retargeting_credits_itself_and_searches_take_the_last_touch() -> None:
    claims = world("retargeting")
    ratio = claims.observed.credited["last_touch"] / claims.truth.networks
    assert (ratio > 5).sum() == 2
    ways = {}
    for family in ("exogenous", "brand_search"):
        drawn = [world(family, seed) for seed in SEEDS]
        ways[family] = [np.median(w.observed.credited["last_touch"] / w.observed.credited["linear"]) for w in drawn]
    assert np.median(ways["brand_search"]) < 0.92 * np.median(ways["exogenous"])


def test_campaigns_within_a_network_differ_in_what_an_impression_is_worth() -> None:
    def spread(family: str) -> float:
        found = []
        for seed in SEEDS:
            drawn = world(family, seed)
            worth = np.log(drawn.truth.campaigns + 1) - np.log(drawn.observed.campaign_impressions.sum(axis=0) + 1)
            of = drawn.observed.campaign_of
            found += [worth[of == n].std() for n in range(6)]
        return float(np.mean(found))

    assert spread("campaign_shares") > 1.2 * spread("exogenous")


def test_opportunities_are_won_long_after_they_were_opened() -> None:
    orders = world("b2b").orders
    assert 20 < np.mean(orders.day - orders.opened) < 100
    assert not (world("exogenous").orders.day - world("exogenous").orders.opened).any()


def test_a_world_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="no family"):
        draw("lucky", 1)
    with pytest.raises(UsageError, match="14 days"):
        draw("exogenous", 1, days=13)
