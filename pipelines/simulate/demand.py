"""Who came, by which way, and who bought: journeys with a known chance to buy, and the orders they end in."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pipelines.simulate.plan import (
    AD_SPEND,
    CHANNELS,
    DISCOUNTS,
    NETWORKS,
    PRODUCTS,
    ChannelPlan,
    NetworkPlan,
)
from pipelines.simulate.posts import Post, Shelf, running_campaigns
from pipelines.simulate.randomness import pick, stream

JOURNEYS_A_DAY = 14.0
UNTOUCHED_ORDERS_A_DAY = 1.9
RETURNING = 0.12

_ALWAYS_VOIDED = 1004
"""So that even the smallest company has one."""

Trace = Literal["content", "campaign", "referrer", "click_id", "ad", "told"]
"""What a touch leaves behind: utm_content, only the campaign, only the referrer, only the click id, an ad's
own id that no export lists, or the person's word."""


@dataclass(frozen=True)
class Touch:
    """One touch of one person; ``post`` truly brought them, whatever ``trace`` lets a reader see."""

    touch_id: str
    customer_id: str
    touched_at: datetime
    way: NetworkPlan | ChannelPlan
    trace: Trace
    touch_type: str = "click"
    post: Post | None = None
    campaign: str = ""
    is_paid: bool = False
    token: str = ""
    discount_code: str = ""
    seller_id: str = ""
    account_id: str = ""


@dataclass(frozen=True)
class Order:
    """One shop order; money in euro cents, tax included. Without any of ``needed`` networks nobody had placed it."""

    number: int
    customer_id: str
    ordered_at: datetime
    lines: tuple[tuple[int, int], ...]
    discount_code: str
    discount: int
    shipping: int
    status: Literal["paid", "partially_refunded", "refunded", "voided"]
    refunded: int
    needed: frozenset[str] = frozenset()

    @property
    def subtotal(self) -> int:
        return sum(PRODUCTS[product][2] * quantity for product, quantity in self.lines) - self.discount

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping


@dataclass(frozen=True)
class Demand:
    """Touches in order of time and the shop's orders in order of number."""

    touches: tuple[Touch, ...]
    orders: tuple[Order, ...]


def season(day: date, first: date, days: int) -> float:
    """Relative demand of a day: quiet midweek, strong Sunday and Monday, slow growth, one summer sale."""
    part = (day - first).days / days
    week = (1.12, 0.96, 0.92, 0.95, 0.98, 1.0, 1.17)[day.weekday()]
    return week * (0.9 + 0.2 * part) * (1.5 if 0.7 <= part < 0.74 else 1.0)


def ask_for(seed: int, first: date, days: int, *, scale: float, shelves: dict[str, Shelf]) -> Demand:
    """Draw all journeys and orders of the period."""
    rng = stream(seed, "demand")
    calendar = [first + timedelta(days=offset) for offset in range(days)]
    weights = [season(day, first, days) for day in calendar]
    end = datetime.combine(calendar[-1], time(23, 59, 59), UTC)
    people: list[str] = []
    touches: list[Touch] = []
    purchases: list[tuple[str, datetime, frozenset[str]]] = []
    starts = rng.choices(calendar, weights, k=max(1, round(JOURNEYS_A_DAY * days * scale)))
    for start in sorted(starts):
        customer = _person(rng, people)
        walked, bought, needed = _journey(rng, customer, start, shelves=shelves, window=(first, days))
        touches += [touch for touch in walked if touch.touched_at <= end]
        if bought and bought <= end:
            purchases.append((customer, bought, needed))
    for day in rng.choices(calendar, weights, k=max(1, round(UNTOUCHED_ORDERS_A_DAY * days * scale))):
        purchases.append((_person(rng, people), _moment(rng, day), frozenset()))
    purchases.sort(key=lambda purchase: (purchase[1], purchase[0]))
    orders = tuple(
        replace(_order(rng, 1001 + index, customer, bought), needed=needed)
        for index, (customer, bought, needed) in enumerate(purchases)
    )
    return Demand(tuple(touches), orders)


def touch_ids(touches: Iterable[Touch], prefix: str) -> tuple[Touch, ...]:
    """The touches in order of time, numbered."""
    ordered = sorted(touches, key=lambda touch: (touch.touched_at, touch.customer_id))
    return tuple(replace(touch, touch_id=f"{prefix}{index:06d}") for index, touch in enumerate(ordered, 1))


def _person(rng: random.Random, people: list[str]) -> str:
    if people and rng.random() < RETURNING:
        return rng.choice(people)
    people.append(f"guest-{len(people) + 1:05d}-{rng.getrandbits(24):06x}@example.com")
    return people[-1]


def _moment(rng: random.Random, day: date) -> datetime:
    hour = min(23, max(0, round(rng.gauss(16.5, 4.2))))
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), UTC)


def _journey(
    rng: random.Random, customer: str, start: date, *, shelves: dict[str, Shelf], window: tuple[date, int]
) -> tuple[list[Touch], datetime | None, frozenset[str]]:
    """The touches of one person, when they bought, if each touch's own chance made them buy, and the networks without
    whose touches the same luck would not have."""
    ways: tuple[NetworkPlan | ChannelPlan, ...] = (*NETWORKS, *CHANNELS)
    length = pick(rng, (1, 2, 3, 4, 5, 6), (34, 27, 18, 11, 6, 4))
    moment = _moment(rng, start)
    touches: list[Touch] = []
    missed = 1.0
    for step in range(length):
        way = pick(rng, ways, [w.later_weight if step else w.first_weight for w in ways])
        touches.append(_touch(rng, customer, moment, way=way, shelves=shelves, window=window))
        missed *= 1 - way.pull
        moment += timedelta(seconds=round(rng.expovariate(1 / 2.6) * 86400) + 60)
    luck = rng.random()
    if luck >= 1 - missed:
        return touches, None, frozenset()
    networks = {touch.way.network for touch in touches if isinstance(touch.way, NetworkPlan)}
    needed = frozenset(network for network in networks if luck >= 1 - _missed(touches, without=network))
    return touches, touches[-1].touched_at + timedelta(seconds=rng.randrange(120, 9000)), needed


def _missed(touches: list[Touch], *, without: str) -> float:
    """The chance that nobody buys after these touches, those of one network left out."""
    missed = 1.0
    for touch in touches:
        if not (isinstance(touch.way, NetworkPlan) and touch.way.network == without):
            missed *= 1 - touch.way.pull
    return missed


def _touch(
    rng: random.Random,
    customer: str,
    moment: datetime,
    *,
    way: NetworkPlan | ChannelPlan,
    shelves: dict[str, Shelf],
    window: tuple[date, int],
) -> Touch:
    token = f"{rng.getrandbits(64):016x}"
    if isinstance(way, ChannelPlan):
        told = bool(way.given_channel)
        return Touch("", customer, moment, way, "told" if told else "referrer",
                     touch_type="self_reported" if told else "click", token=token)  # fmt: skip
    post = shelves[way.key].seen_at(moment, rng)
    running = [name for name in running_campaigns(moment.date(), *window) if (way.network, name) in AD_SPEND]
    is_paid = rng.random() < way.paid_share and bool(running)
    traces: tuple[Trace, ...] = ("content", "campaign", "ad", "click_id", "referrer")
    weights = (46, 8, 30, 16 if way.click_parameter else 0, 0) if is_paid else (76, 6, 0, 0, 18)
    trace = pick(rng, traces, weights)
    if post is None and trace == "content":
        trace = "campaign"
    campaign = rng.choice(running) if is_paid else post.campaign if post else ""
    code = DISCOUNTS[1][0] if way.network == "tiktok" and rng.random() < 0.1 else ""
    return Touch("", customer, moment, way, trace, post=post, campaign=campaign, is_paid=is_paid, token=token,
                 discount_code=code)  # fmt: skip


def _order(rng: random.Random, number: int, customer: str, moment: datetime) -> Order:
    kinds = rng.sample(range(len(PRODUCTS)), pick(rng, (1, 2, 3, 4), (46, 31, 16, 7)))
    lines = tuple((kind, pick(rng, (1, 2, 3), (82, 14, 4))) for kind in kinds)
    gross = sum(PRODUCTS[kind][2] * quantity for kind, quantity in lines)
    code, percent = pick(rng, (("", 0), *DISCOUNTS), (76, 11, 8, 5))
    discount = gross * percent // 100
    shipping = 0 if gross - discount >= 5000 else 495
    total = gross - discount + shipping
    status: Literal["paid", "partially_refunded", "refunded", "voided"] = "paid"
    refunded, chance = 0, rng.random()
    if chance < 0.025:
        status, refunded = "refunded", total
    elif chance < 0.045:
        status, refunded = "partially_refunded", PRODUCTS[kinds[0]][2] * (100 - percent) // 100
        status, refunded = ("refunded", total) if refunded >= total else (status, refunded)
    elif chance < 0.053 or number == _ALWAYS_VOIDED:
        status = "voided"
    return Order(number, customer, moment, lines, code, discount, shipping, status, refunded)
