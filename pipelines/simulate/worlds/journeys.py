"""What buyers met before they bought, and whom each model of credit credits for it."""

from __future__ import annotations

import numpy as np

from pipelines.simulate.worlds.activity import Activity
from pipelines.simulate.worlds.effect import Effect
from pipelines.simulate.worlds.family import Family
from pipelines.simulate.worlds.population import SEGMENTS, Population
from pipelines.simulate.worlds.sales import drawn
from pipelines.simulate.worlds.values import WARM_UP, Floats, Orders, Places, Touches

CHANNELS = ("direct", "organic_search", "paid_search", "email")
"""Other ways by which people come; the third is a search for the brand, and takes what others brought."""
BRAND_SEARCH = 2
LOOKBACK = 30
"""Days before an order whose touches count, the pipeline's own default."""
HALF_LIFE = 7.0
"""Of credit by time decay, the pipeline's own default."""
PLATFORM_CLICK, PLATFORM_VIEW = 7.0, 1.0
"""Days for which platforms claim who clicked and who saw, the default of most ad managers."""
PEOPLE_PER_CUSTOMER = 6.0
"""People among whom impressions fall for each who ever buys."""
CLICKED, SEEN = 0.012, 0.4
"""Impressions that are clicked, and that the platform counts as seen, at the median of networks."""
OTHERS = 0.8
"""Touches of other channels before an order, on average."""


def meet(
    dice: np.random.Generator,
    family: Family,
    population: Population,
    *,
    activity: Activity,
    effect: Effect,
    orders: Orders,
    reach: Floats,
) -> Touches:
    """Draw the touches of all orders.

    Three kinds: the touch that caused an order, as long before it as the effect takes (its trace is lost for 5 to 50 %,
    by network: people buy on another device, or type the name); touches by chance, as often as impressions come to
    people of the segment, of which about 1 % are clicked (views older than a day count nowhere, and are not told); and
    other channels. Networks that credit themselves touch a third to two thirds of all buyers in the last days before
    they buy.
    """
    kinds = [
        _causing(dice, effect, activity=activity, orders=orders),
        _by_chance(dice, population, activity=activity, orders=orders, reach=reach),
        _claiming(dice, activity, orders),
        _other(dice, family, orders),
    ]
    order, action, age, is_click = (np.concatenate(parts) for parts in zip(*kinds, strict=True))
    return Touches(order, action, age, is_click)


_Kind = tuple[Places, Places, Floats, np.ndarray]


def _causing(dice: np.random.Generator, effect: Effect, *, activity: Activity, orders: Orders) -> _Kind:
    """The exposure that brought the order: its day is drawn by what each day's impressions still carried."""
    social = np.flatnonzero(orders.cause >= 0)
    traced = dice.uniform(0.5, 0.95, len(effect.room))
    social = social[dice.random(len(social)) < traced[activity.network_of[orders.cause[social]]]]
    cause = orders.cause[social]
    lags = np.arange(LOOKBACK)
    before = np.maximum(orders.opened[social, None] + WARM_UP - lags[None, :], 0)
    weights = (
        activity.actions.impressions[before, cause[:, None]] * effect.kernel[activity.network_of[cause], :LOOKBACK]
    )
    lag = drawn(dice, weights, np.arange(len(social))) if len(social) else social
    return social, cause, _within_day(dice, lag), np.ones(len(social), bool)


def _by_chance(
    dice: np.random.Generator, population: Population, *, activity: Activity, orders: Orders, reach: Floats
) -> _Kind:
    """Impressions that came to a buyer in the days before, clicked or seen, whether or not they did anything."""
    networks = len(activity.claims_all)
    by_action = activity.actions.impressions
    edges = np.searchsorted(activity.network_of, np.arange(networks + 1))
    shown = np.add.reduceat(by_action, edges[:-1], axis=1)
    click = np.exp(dice.normal(np.log(CLICKED), 0.5, networks))
    seen = np.exp(dice.normal(np.log(SEEN), 0.5, networks))
    people = population.customers * SEGMENTS * PEOPLE_PER_CUSTOMER
    day = orders.opened + WARM_UP
    sums = np.concatenate([np.zeros((1, networks)), np.cumsum(shown, axis=0)])
    found: list[_Kind] = []
    for network in range(networks):
        density = reach[:, network] * SEGMENTS / people
        for rate, is_click, window in ((click[network], True, LOOKBACK), (seen[network], False, 1)):
            recent = sums[1:, network] - sums[np.maximum(np.arange(len(shown)) + 1 - window, 0), network]
            count = dice.poisson(rate * recent[day] * density[orders.segment])
            order = np.repeat(np.arange(len(day)), count)
            target = sums[day[order] + 1, network] - dice.random(len(order)) * recent[day[order]]
            met = np.searchsorted(sums[:, network], target, side="left") - 1
            met = np.clip(met, 0, day[order])
            first, last = edges[network], edges[network + 1]
            action = first + drawn(dice, by_action[:, first:last], met)
            found.append((order, action, _within_day(dice, day[order] - met), np.full(len(order), is_click)))
    order, action, age, clicks = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return order, action, age, clicks


def _claiming(dice: np.random.Generator, activity: Activity, orders: Orders) -> _Kind:
    """Retargeting: people who have looked at the shop see the ad, and click on it, just before they buy."""
    found: list[_Kind] = [(np.zeros(0, int), np.zeros(0, int), np.zeros(0), np.zeros(0, bool))]
    for network in np.flatnonzero(activity.claims_all):
        mine = np.flatnonzero(activity.network_of == network)
        order = np.flatnonzero(dice.random(len(orders.day)) < dice.uniform(0.3, 0.65))
        age = dice.exponential(1.0, len(order))
        met = np.maximum(orders.opened[order] + WARM_UP - age.astype(int), 0)
        action = mine[0] + drawn(dice, activity.actions.impressions[:, mine], met)
        found.append((order, action, age, dice.random(len(order)) < 0.5))
    order, action, age, is_click = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return order, action, age, is_click


def _other(dice: np.random.Generator, family: Family, orders: Orders) -> _Kind:
    """Other channels: by chance for all, and a search for the brand at the very end for some whom a network brought."""
    order = np.repeat(np.arange(len(orders.day)), dice.poisson(OTHERS, len(orders.day)))
    channel = dice.choice(len(CHANNELS), len(order), p=(0.4, 0.35, 0.1, 0.15))
    brought = np.flatnonzero((orders.cause >= 0) & (dice.random(len(orders.cause)) < family.searches))
    order = np.concatenate([order, brought])
    channel = np.concatenate([channel, np.full(len(brought), BRAND_SEARCH)])
    age = np.concatenate([dice.uniform(0, LOOKBACK, len(order) - len(brought)), np.zeros(len(brought))])
    return order, -1 - channel, age, np.ones(len(order), bool)


def _within_day(dice: np.random.Generator, days: Places) -> Floats:
    """Days and a part of one, above 0."""
    found: Floats = np.maximum(days + dice.uniform(-0.5, 0.5, len(days)), dice.uniform(0.01, 0.4, len(days)))
    return found


def credit(
    touches: Touches, orders: Orders, network_of: Places, *, days: int
) -> tuple[dict[str, Floats], Floats, Floats, Floats]:
    """Credit by model and network, and linear credit by action in money and in orders, and by day.

    Returns:
        By model (N,) revenue; (A,) revenue; (A,) orders; (days, N) revenue.
    """
    networks, actions = int(network_of[-1]) + 1, len(network_of)
    revenue = orders.cents / 100
    clicks = np.flatnonzero(touches.is_click & (touches.age <= LOOKBACK))
    order, action, age = touches.order[clicks], touches.action[clicks], touches.age[clicks]
    network = np.where(action >= 0, network_of[np.maximum(action, 0)], networks)

    def shared(weight: Floats) -> Floats:
        whole = np.bincount(order, weight, len(revenue))
        found: Floats = weight / whole[order]
        return found

    even, decayed = shared(np.ones(len(order))), shared(0.5 ** (age / HALF_LIFE))
    latest = np.lexsort((age, order))
    last = latest[np.flatnonzero(np.diff(order[latest], prepend=-1))]
    models = {
        "last_touch": np.bincount(network[last], revenue[order[last]], networks + 1)[:networks],
        "linear": np.bincount(network, even * revenue[order], networks + 1)[:networks],
        "time_decay": np.bincount(network, decayed * revenue[order], networks + 1)[:networks],
    }
    social = action >= 0
    money = np.bincount(action[social], (even * revenue[order])[social], actions)
    by_day = np.bincount(
        orders.day[order[social]] * networks + network[social], (even * revenue[order])[social], days * networks
    ).reshape(days, networks)
    return models, money, np.bincount(action[social], even[social], actions), by_day


def claim(touches: Touches, orders: Orders, activity: Activity, *, days: int) -> Floats:
    """(days, A) cents that each platform claims for its ads: of everybody who bought within seven days of a click on
    one of them or a day of seeing one, the whole order, for the last of its ads that they met and on the day they met
    it, whoever else they met. NaN for posts, of which no platform claims sales."""
    claims = np.full((days, len(activity.actions.campaign)), np.nan)
    is_ad = activity.actions.is_ad
    claims[:, is_ad] = 0.0
    window = np.where(touches.is_click, PLATFORM_CLICK, PLATFORM_VIEW)
    met = np.flatnonzero((touches.age <= window) & (touches.action >= 0) & is_ad[np.maximum(touches.action, 0)])
    network = activity.network_of[touches.action[met]]
    latest = met[np.lexsort((touches.age[met], touches.order[met], network))]
    pair = activity.network_of[touches.action[latest]] * len(orders.day) + touches.order[latest]
    last = latest[np.flatnonzero(np.diff(pair, prepend=-1))]
    day = orders.opened[touches.order[last]] - np.ceil(touches.age[last] - 0.5).astype(int)
    seen = day >= 0  # before the panel no export was made
    np.add.at(claims, (day[seen], touches.action[last[seen]]), orders.cents[touches.order[last[seen]]])
    return claims
