"""The whole company in one value: everything that the writers turn into export files, and its true totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from pipelines.simulate.b2b import Invoice, sell_wholesale
from pipelines.simulate.costs import Cost, spend_money
from pipelines.simulate.demand import Demand, Order, Touch, ask_for, touch_ids
from pipelines.simulate.metrics import Counts, PostDay, by_day, by_post, measure
from pipelines.simulate.posts import Post, Shelf, publish


@dataclass(frozen=True)
class World:
    """A company over ``days`` days that end with ``last``.

    ``exported_at`` is the moment when all files were downloaded: the morning after the last day.
    """

    seed: int
    first: date
    days: int
    scale: float
    shelves: dict[str, Shelf] = field(repr=False)
    touches: tuple[Touch, ...] = field(repr=False)
    orders: tuple[Order, ...] = field(repr=False)
    invoices: tuple[Invoice, ...] = field(repr=False)
    costs: tuple[Cost, ...] = field(repr=False)
    measured: dict[str, list[PostDay]] = field(repr=False)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    @property
    def exported_at(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(7, 30), UTC)

    @cached_property
    def calendar(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=offset) for offset in range(self.days))

    def posts(self, key: str) -> dict[Post, Counts]:
        """Lifetime numbers of an account's posts until the export."""
        return by_post(self.measured[key])

    def daily(self, key: str) -> dict[date, Counts]:
        """An account's numbers by day."""
        return by_day(self.measured[key], self.calendar)

    @property
    def shop_revenue(self) -> int:
        """Euro cents of all shop orders that were not voided."""
        return sum(order.total for order in self.orders if order.status != "voided")

    @property
    def revenue(self) -> int:
        """Euro cents of shop and wholesale, before refunds."""
        return self.shop_revenue + sum(invoice.revenue for invoice in self.invoices)


def build_world(*, seed: int, days: int, scale: float, end: date) -> World:
    """Draw a company. ``scale`` multiplies customers, wholesale and money spent; the posting rhythm stays."""
    first = end - timedelta(days=days - 1)
    shelves = publish(seed, first, days)
    demand: Demand = ask_for(seed, first, days, scale=scale, shelves=shelves)
    invoices, wholesale_touches = sell_wholesale(seed, first, days, scale=scale, shelves=shelves)
    touches = touch_ids((*demand.touches, *wholesale_touches), "T")
    return World(
        seed=seed,
        first=first,
        days=days,
        scale=scale,
        shelves=shelves,
        touches=touches,
        orders=demand.orders,
        invoices=tuple(invoices),
        costs=tuple(spend_money(seed, first, days, scale=scale)),
        measured=measure(seed, shelves, touches, end),
    )
