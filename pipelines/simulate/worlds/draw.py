"""Drawing a world: people, activity, what it causes, orders, truth, touches, costs, tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.errors import UsageError
from pipelines.simulate.worlds.activity import Activity, act, by_group, rest
from pipelines.simulate.worlds.effect import Effect, cause, lost
from pipelines.simulate.worlds.family import FAMILIES
from pipelines.simulate.worlds.journeys import claim, credit, meet
from pipelines.simulate.worlds.lift import plan_tests, run_tests
from pipelines.simulate.worlds.population import populate
from pipelines.simulate.worlds.sales import reach_of, sell
from pipelines.simulate.worlds.values import WARM_UP, Floats, Observed, Orders, Places, Test, Touches, Truth, World

FIRST_DAY = np.datetime64("2024-01-01")
RETURN_ON_SPEND = (1.6, 0.75)
"""Median and deviation of the log of what a network causes for each unit spent on it; kept within 0.3 and 8."""


def draw(
    family: str,
    seed: int,
    *,
    days: int = 730,
    networks: int = 6,
    orders_a_day: float | None = None,
    scale: float = 1.0,
    first: np.datetime64 = FIRST_DAY,
) -> World:
    """Draw one world.

    Args:
        family: a name in ``FAMILIES``.
        seed: the same family, seed and sizes give the same world.
        days: T, at least 14.
        networks: N, at least 1.
        orders_a_day: expected without social media; drawn from the family's range where not given.
        scale: multiplies them.
        first: the panel's first day.

    Raises:
        UsageError: there is no such family, or the world is too small.
    """
    if family not in FAMILIES:
        raise UsageError(f"no family {family}: there are {', '.join(FAMILIES)}")
    if days < 14 or networks < 1 or scale <= 0:
        raise UsageError(
            f"days={days}, networks={networks}, scale={scale}: a world takes 14 days, a network, a scale above 0"
        )
    kind = FAMILIES[family]
    if orders_a_day is not None:
        kind = replace(kind, orders=(orders_a_day, orders_a_day))
    kind = replace(kind, orders=(kind.orders[0] * scale, kind.orders[1] * scale))
    dice = np.random.default_rng([seed, *family.encode()])
    population = populate(dice, kind, days)
    usual = act(dice, kind, population, networks)
    unpaused = cause(dice, kind, population, usual)
    plans = plan_tests(np.random.default_rng([seed, *family.encode(), 1]), kind, days=days, networks=networks)
    activity = usual
    for plan in plans:
        if plan.design == "pause":
            activity = rest(activity, plan.network, plan.first, plan.last)
    effect = unpaused if activity is usual else unpaused.of(activity)
    reach = reach_of(dice, kind, population, activity)
    orders = sell(dice, kind, population, activity=activity, effect=effect, reach=reach)
    truth = tell_truth(orders, effect, activity)
    touches = meet(dice, kind, population, activity=activity, effect=effect, orders=orders, reach=reach)
    spend = _spend(dice, activity, truth, float(orders.cents.sum()) / 100)
    network_spend = by_group(spend, activity.campaign_of, networks)
    lost = (unpaused.expected - effect.expected)[WARM_UP:] * float(orders.cents.mean()) / 100
    tests = run_tests(dice, kind, plans, effect=effect, lost=lost, by_day=truth.by_day, spend=network_spend)
    clicks = dice.poisson(
        by_group(activity.actions.impressions[WARM_UP:], activity.actions.campaign, len(activity.campaign_of)).sum(
            axis=0
        )
        * np.exp(dice.normal(np.log(0.008), 0.4, len(activity.campaign_of)))
    )
    dates = first + np.arange(days)
    observed = _observed(orders, touches, activity=activity, dates=dates, spend=spend, clicks=clicks, tests=tests)
    return World(family, seed, observed, truth, activity.actions, orders, touches)


def tell_truth(orders: Orders, effect: Effect, activity: Activity) -> Truth:
    """What would be missing without each network, campaign and action: the world is run again without each."""
    days, actions = len(effect.expected) - WARM_UP, len(activity.actions.campaign)
    revenue = orders.cents / 100

    def without(group: Places) -> Floats:
        groups = int(group[-1]) + 1
        gone = lost(orders, effect, activity, group)
        place = orders.day[gone] * groups + group[orders.cause[gone]]
        return np.bincount(place, revenue[gone], days * groups).reshape(days, groups)

    by_day, campaigns = without(activity.network_of), without(activity.actions.campaign)
    each = without(np.arange(actions))
    expected = effect.expected[WARM_UP:] * revenue.mean()
    networks = by_day.sum(axis=0)
    return Truth(
        networks, by_day, campaigns.sum(axis=0), campaigns, each.sum(axis=0), each, expected.sum(axis=0), expected
    )


def _spend(dice: np.random.Generator, activity: Activity, truth: Truth, revenue: float) -> Floats:
    """(T, C) costs: of ads by impressions, at a price of each campaign's own that differs from day to day by 8 %; of
    networks without ads evenly, as labour. What a network costs owes to its effect no more than a company knows: its
    return is drawn. Where it causes nothing it costs 1 to 5 % of revenue."""
    networks = len(activity.claims_all)
    median, deviation = RETURN_ON_SPEND
    returns = np.clip(median * np.exp(dice.normal(0, deviation, networks)), 0.3, 8.0)
    nothing = revenue * dice.uniform(0.01, 0.05, networks)
    cost = np.where(truth.expected > 0, truth.expected / returns, nothing)
    campaigns = len(activity.campaign_of)
    shown = by_group(activity.actions.impressions[WARM_UP:], activity.actions.campaign, campaigns)
    price = np.exp(dice.normal(0, 0.3, campaigns) + dice.normal(0, 0.08, shown.shape))
    buys = by_group(activity.is_paid[None, :].astype(float), activity.campaign_of, networks)[0] > 0
    weights = np.where(activity.is_paid, shown * price, np.where(buys[activity.campaign_of], 0.0, 1.0))
    whole = by_group(weights, activity.campaign_of, networks).sum(axis=0)
    found: Floats = np.round(weights * (cost / np.maximum(whole, 1e-12))[activity.campaign_of], 2)
    return found


def _observed(
    orders: Orders,
    touches: Touches,
    *,
    activity: Activity,
    dates: np.ndarray,
    spend: Floats,
    clicks: Places,
    tests: tuple[Test, ...],
) -> Observed:
    networks, campaigns = len(activity.claims_all), len(activity.campaign_of)
    models, money, conversions, by_day = credit(touches, orders, activity.network_of, days=len(dates))
    shown = activity.actions.impressions[WARM_UP:]
    campaign = activity.actions.campaign
    return Observed(
        dates=dates,
        revenue=np.bincount(orders.day, orders.cents, len(dates)) / 100,
        impressions=by_group(shown, activity.network_of, networks),
        spend=by_group(spend, activity.campaign_of, networks),
        credited=models,
        credited_by_day=by_day,
        claimed=claim(touches, orders, activity, days=len(dates)),
        campaign_of=activity.campaign_of,
        campaign_impressions=by_group(shown, campaign, campaigns),
        campaign_spend=spend,
        campaign_clicks=clicks,
        campaign_credited=np.bincount(campaign, money, campaigns),
        campaign_conversions=np.bincount(campaign, conversions, campaigns),
        action_of=campaign,
        action_impressions=shown,
        action_credited=money,
        action_conversions=conversions,
        tests=tests,
    )
