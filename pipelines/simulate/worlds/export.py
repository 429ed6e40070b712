"""A world as the files that a company would hand over, and its truth beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from pipelines.simulate.files import Row, csv_text, put
from pipelines.simulate.plan import NETWORKS
from pipelines.simulate.templates import (
    COSTS_HEADER,
    DAILY_SALES_HEADER,
    ENGAGEMENT_HEADER,
    ORDERS_HEADER,
    TOUCHPOINTS_HEADER,
)
from pipelines.simulate.worlds.ads import MANAGERS, AdDay, action_id, ad_days, money, write_ads
from pipelines.simulate.worlds.journeys import CHANNELS, LOOKBACK
from pipelines.simulate.worlds.values import Floats, Places, Test, World

NAMES = tuple(dict.fromkeys(plan.network for plan in NETWORKS))
"""What the networks of a world are called in files; a world takes the first N."""
REGIONS, TREATED = 12, 4
"""Regions of a company, and how many of them go without in a geographic test."""
VISITS_WITHOUT_ORDER = 2
"""Clicks of people who never buy, for each of one who does."""

EXPERIMENTS_HEADER = (
    "experiment_id", "network", "design", "direction", "start_date", "end_date", "currency", "incremental_revenue",
    "standard_error", "spend",
)  # fmt: skip
GEO_SALES_HEADER = ("metric_date", "geo", "revenue", "currency", "experiment_id", "group")
OPPORTUNITIES_HEADER = (
    "opportunity_id", "account_id", "customer_id", "stage", "entered_at", "amount", "currency", "is_won", "is_closed",
)  # fmt: skip
TRUTH_HEADER = ("network", "campaign", "action_id", "period_kind", "period_start", "incremental_revenue")


def write_world(world: World, out: Path) -> list[Path]:
    """Write what a company sees below ``out/landing/<source>/``, and what only the world knows to ``out/truth/``.

    Ads are written as the networks' ad managers export them, where there is an export of theirs that is read; all else
    in the project's own templates. Orders of a family whose sales close at once are written as ``orders``, else as
    ``opportunities``. The first geographic test leaves its result to be estimated from ``geo_sales``, where its regions
    lack what the network would have caused there.
    """
    moments, clicks = _moments(world), _clicks(world)
    is_slow = bool((world.orders.opened != world.orders.day).any())
    sales = (
        ("opportunities", OPPORTUNITIES_HEADER, _opportunities(world, moments))
        if is_slow
        else ("orders", ORDERS_HEADER, _orders(world, moments))
    )
    tables: list[tuple[str, Sequence[str], Iterator[Row]]] = [
        ("engagement_daily", (*ENGAGEMENT_HEADER, "revenue_claimed"), _engagement(world, clicks)),
        ("touchpoints", TOUCHPOINTS_HEADER, _touchpoints(world, moments)),
        sales,
        ("costs", COSTS_HEADER, _costs(world)),
        ("daily_sales", DAILY_SALES_HEADER[:3], _daily_sales(world)),
        ("experiments", EXPERIMENTS_HEADER, _experiments(world)),
    ]
    regional = _regional(world)
    if regional:
        tables.append(("geo_sales", GEO_SALES_HEADER, _geo_sales(world, regional)))
    written = [put(out / "landing" / name / f"{name}.csv", csv_text(header, rows)) for name, header, rows in tables]
    written += [write_ads(network, told, out / "landing") for network, told in _managed(world, clicks).items()]
    return [*written, put(out / "truth" / "incremental_revenue.csv", csv_text(TRUTH_HEADER, _truth(world)))]


def _name(world: World, campaign: int) -> tuple[str, str]:
    """Network and name of a campaign."""
    network = int(world.observed.campaign_of[campaign])
    first = int(np.searchsorted(world.observed.campaign_of, network))
    return NAMES[network], f"{NAMES[network]}-{campaign - first + 1}"


def _clicks(world: World) -> Places:
    """(T, A) clicks on each action: 0.8 % of impressions."""
    shown = world.observed.action_impressions.astype(np.int64)
    return np.asarray(np.random.default_rng([world.seed, 1]).binomial(shown, 0.008))


def _managed(world: World, clicks: Places) -> dict[str, list[AdDay]]:
    """What ad managers tell, by network: of those that have ads, and whose exports are read."""
    found: dict[str, list[AdDay]] = defaultdict(list)
    for campaign in range(len(world.observed.campaign_of)):
        network, name = _name(world, campaign)
        if network in MANAGERS and (told := list(ad_days(world, campaign, name, clicks))):
            found[network] += told
    return found


def _moments(world: World) -> Places:
    """(orders,) the second of the day on which each order was begun, the same for each writing."""
    dice = np.random.default_rng([world.seed, len(world.orders.day)])
    return np.asarray(dice.integers(6 * 3600, 23 * 3600, len(world.orders.day)))


def _stamps(world: World, seconds: Places) -> list[str]:
    """Seconds since the panel began, as times of UTC."""
    moments = world.observed.dates[0].astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    return [f"{moment}+00:00" for moment in np.datetime_as_string(moments).tolist()]


def _people(world: World) -> list[str]:
    return [
        f"c{segment:02d}-{customer:05d}@example.com"
        for segment, customer in zip(world.orders.segment.tolist(), world.orders.customer.tolist(), strict=True)
    ]


def _engagement(world: World, clicks: Places) -> Iterator[Row]:
    """Actions on the days on which somebody saw them, with what their platform claims for ads: all but those that an ad
    manager tells. Of interactions only clicks are told."""
    dates = np.datetime_as_string(world.observed.dates).tolist()
    shown, claimed = world.observed.action_impressions, world.observed.claimed
    for action in range(shown.shape[1]):
        network, campaign = _name(world, int(world.observed.action_of[action]))
        is_ad = bool(world.actions.is_ad[action])
        if is_ad and network in MANAGERS:
            continue
        kind = "ad" if is_ad else "post"
        for day in np.flatnonzero((shown[:, action] > 0) | (claimed[:, action] > 0)).tolist():
            claim = ("EUR", money(int(claimed[day, action]))) if is_ad else ("", "")
            yield (network, action_id(action), dates[day], kind, campaign, int(shown[day, action]),
                   *[""] * 6, int(clicks[day, action]), "", "", "", *claim)  # fmt: skip


def _touchpoints(world: World, moments: Places) -> Iterator[Row]:
    """Clicks before orders, and those of people who never bought, who come as the network is seen."""
    touches, people = world.touches, _people(world)
    clicks = np.flatnonzero(touches.is_click & (touches.age <= LOOKBACK))
    order = touches.order[clicks]
    before = np.maximum((touches.age[clicks] * 86400).astype(np.int64), 60)
    seconds = world.orders.opened[order] * 86400 + moments[order] - before
    who = [people[place] for place in order.tolist()]
    action = touches.action[clicks]
    social = action[action >= 0]
    dice = np.random.default_rng([world.seed, 2])
    passing = dice.choice(social, VISITS_WITHOUT_ORDER * len(social)) if len(social) else social
    first = np.maximum(world.actions.published[passing], 0)
    at = (first + (dice.random(len(passing)) * np.minimum(14, len(world.observed.dates) - first)).astype(int)) * 86400
    who += [f"v-{number:07d}@example.com" for number in range(len(passing))]
    stamps = _stamps(world, np.concatenate([seconds, at + dice.integers(0, 86400, len(at))]))
    for number, (person, stamp, met) in enumerate(
        zip(who, stamps, np.concatenate([action, passing]).tolist(), strict=True)
    ):
        seen = {"touch_id": f"t{number}", "customer_id": person, "touched_at": stamp, "touch_type": "click"}
        if met >= 0:
            network, campaign = _name(world, int(world.observed.action_of[met]))
            paid = "paid_social" if world.actions.is_ad[met] else "social"
            seen |= {"network": network, "campaign": campaign, "action_id": action_id(met)}
            seen |= {"utm_source": network, "utm_medium": paid, "utm_campaign": campaign}
        else:
            seen["channel"] = CHANNELS[-1 - met]
        yield [seen.get(column, "") for column in TOUCHPOINTS_HEADER]


def _orders(world: World, moments: Places) -> Iterator[Row]:
    stamps = _stamps(world, world.orders.day * 86400 + moments)
    for number, (person, stamp, cents) in enumerate(
        zip(_people(world), stamps, world.orders.cents.tolist(), strict=True)
    ):
        seen = {"order_id": f"o{number}", "customer_id": person, "ordered_at": stamp, "revenue": money(cents)}
        seen |= {"currency": "EUR", "status": "paid"}
        yield [seen.get(column, "") for column in ORDERS_HEADER]


def _opportunities(world: World, moments: Places) -> Iterator[Row]:
    """Two changes of stage each: opened, and won at least a minute later."""
    opened = _stamps(world, world.orders.opened * 86400 + moments)
    won = _stamps(world, world.orders.day * 86400 + moments + 60)
    for number, person in enumerate(_people(world)):
        account, amount = f"a-{person.split('@')[0]}", money(int(world.orders.cents[number]))
        for stage, stamp, is_won in (("Opened", opened[number], "false"), ("Won", won[number], "true")):
            yield (f"p{number}", account, person, stage, stamp, amount, "EUR", is_won, is_won)


def _costs(world: World) -> Iterator[Row]:
    """Day by day: of networks without ads as labour, of ads to their campaign but where an ad manager tells it."""
    dates = np.datetime_as_string(world.observed.dates).tolist()
    cents = np.round(100 * world.observed.campaign_spend).astype(np.int64)
    paid = np.zeros(cents.shape[1], bool)
    paid[world.observed.action_of[world.actions.is_ad]] = True
    for campaign in range(cents.shape[1]):
        network, name = _name(world, campaign)
        if paid[campaign] and network in MANAGERS:
            continue
        for day in np.flatnonzero(cents[:, campaign]).tolist():
            kind = "ad_spend" if paid[campaign] else "labour"
            yield (dates[day], dates[day], money(int(cents[day, campaign])), "EUR", kind, network, "", name)


def _daily_sales(world: World) -> Iterator[Row]:
    days = np.bincount(world.orders.day, world.orders.cents, len(world.observed.dates)).astype(np.int64)
    for day, cents in zip(np.datetime_as_string(world.observed.dates).tolist(), days.tolist(), strict=True):
        yield (day, money(cents), "EUR")


def _experiments(world: World) -> Iterator[Row]:
    dates = np.datetime_as_string(world.observed.dates).tolist()
    regional = _regional(world)
    for test in world.observed.tests:
        said = ("", "") if test is regional else (f"{test.found:.2f}", f"{test.standard_error:.2f}")
        yield (f"test-{NAMES[test.network]}", NAMES[test.network], test.design, "switched_off", dates[test.first],
               dates[test.last], "EUR", *said, f"{test.spend:.2f}")  # fmt: skip


def _regional(world: World) -> Test | None:
    """The test that is left to be estimated: the first geographic one, where there is one."""
    return next((test for test in world.observed.tests if test.design == "geo"), None)


def _geo_sales(world: World, test: Test) -> Iterator[Row]:
    """Sales by region and day. Treated regions lack the network during the test."""
    orders, days = world.orders, len(world.observed.dates)
    region = (orders.customer * 7 + orders.segment) % REGIONS
    network = world.observed.campaign_of[world.observed.action_of[np.maximum(orders.cause, 0)]]
    missing = (region < TREATED) & (orders.cause >= 0) & (network == test.network)
    missing &= (orders.day >= test.first) & (orders.day <= test.last)
    place = orders.day * REGIONS + region
    sold = np.bincount(place, np.where(missing, 0, orders.cents), days * REGIONS).astype(np.int64)
    dates = np.datetime_as_string(world.observed.dates).tolist()
    for where, cents in enumerate(sold.tolist()):
        day, geo = divmod(where, REGIONS)
        group = "treatment" if geo < TREATED else "control"
        yield (dates[day], f"region-{geo + 1:02d}", money(cents), "EUR", f"test-{NAMES[test.network]}", group)


def _truth(world: World) -> Iterator[Row]:
    """Networks and campaigns over all, by quarter and by month; actions over all."""
    truth = world.truth
    for network, column in enumerate(truth.by_day.T):
        for kind, start, amount in periods(world.observed.dates, column):
            yield (NAMES[network], "", "", kind, start, f"{amount:.2f}")
    for campaign, column in enumerate(truth.campaigns_by_day.T):
        for kind, start, amount in periods(world.observed.dates, column):
            yield (*_name(world, campaign), "", kind, start, f"{amount:.2f}")
    for action, amount in enumerate(truth.actions.tolist()):
        network_name, campaign_name = _name(world, int(world.observed.action_of[action]))
        yield (network_name, campaign_name, action_id(action), "all", str(world.observed.dates[0]), f"{amount:.2f}")


def periods(dates: np.ndarray, values: Floats) -> Iterator[tuple[str, str, float]]:
    """Kind, first day and sum of (T,) values over all days, each quarter and each month, cut at the panel's ends."""
    yield "all", str(dates[0]), float(values.sum())
    months = dates.astype("datetime64[M]")
    for kind, each in (("quarter", months.astype(np.int64) // 3), ("month", months.astype(np.int64))):
        starts = np.flatnonzero(np.diff(each, prepend=-1))
        for start, amount in zip(starts.tolist(), np.add.reduceat(values, starts).tolist(), strict=True):
            yield kind, str(dates[start]), amount
