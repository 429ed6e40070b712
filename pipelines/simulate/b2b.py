"""The wholesale side: a few invoices to cafes, each after a slow journey of posts, messages and meetings."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pipelines.simulate.demand import Touch
from pipelines.simulate.plan import CHANNELS, NETWORKS, ChannelPlan, NetworkPlan
from pipelines.simulate.posts import Shelf
from pipelines.simulate.randomness import pick, stream

SELLER = "seller-01"
INVOICES_A_DAY = 14 / 180

_RETURNED = 2
"""The number of the invoice whose goods come back, where the period leaves time for it."""

_WAYS: tuple[NetworkPlan | ChannelPlan, ...] = (
    *(plan for plan in NETWORKS if plan.network == "linkedin"),
    next(channel for channel in CHANNELS if channel.key == "direct"),
)


@dataclass(frozen=True)
class Invoice:
    """One wholesale order; money in euro cents."""

    order_id: str
    customer_id: str
    ordered_at: datetime
    revenue: int
    cost_of_goods: int
    refunded_at: datetime | None
    is_new_customer: bool

    @property
    def refunded(self) -> int:
        return self.revenue if self.refunded_at else 0


def sell_wholesale(
    seed: int, first: date, days: int, *, scale: float, shelves: dict[str, Shelf]
) -> tuple[list[Invoice], list[Touch]]:
    """Invoices of the period and the touches before them."""
    rng = stream(seed, "wholesale")
    count = max(2, round(INVOICES_A_DAY * days * scale))
    invoices: list[Invoice] = []
    touches: list[Touch] = []
    for number, offset in enumerate(sorted(rng.randrange(min(12, days - 1), days) for _ in range(count)), 1):
        day = first + timedelta(days=offset)
        ordered_at = datetime.combine(day, time(8), UTC) + timedelta(minutes=number % 60, hours=rng.randrange(9))
        revenue = rng.randrange(90_000, 300_000, 500)
        is_returned = number == _RETURNED and offset + 6 < days
        invoice = Invoice(
            order_id=f"INV-{ordered_at.year}-{number:04d}",
            customer_id=f"buyer-{number:03d}@example.com",
            ordered_at=ordered_at,
            revenue=revenue,
            cost_of_goods=revenue * 46 // 100,
            refunded_at=ordered_at + timedelta(days=6) if is_returned else None,
            is_new_customer=number % 4 != 0,
        )
        invoices.append(invoice)
        opening = datetime.combine(first, time(0), UTC)
        touches += [_touch(rng, invoice, opening, step=step, shelves=shelves) for step in range(rng.randrange(2, 6))]
    return invoices, touches


def _touch(rng: random.Random, invoice: Invoice, opening: datetime, *, step: int, shelves: dict[str, Shelf]) -> Touch:
    """A click on a post, or a message or meeting that only the seller's notes tell of."""
    before = timedelta(seconds=round(rng.uniform(0.2, 26) * 86400))
    moment = max(opening, invoice.ordered_at - before)
    way = pick(rng, _WAYS, (45, 40, 15))
    post = shelves[way.key].seen_at(moment, rng) if isinstance(way, NetworkPlan) else None
    is_social = isinstance(way, NetworkPlan)
    kind = pick(rng, ("click", "message", "meeting"), (6, 2, 1)) if is_social and step else "click"
    is_click = kind == "click"
    return Touch(
        touch_id="",
        customer_id=invoice.customer_id,
        touched_at=moment,
        way=way,
        trace="content" if post and is_click else "referrer",
        touch_type=kind,
        post=post if is_click else None,
        campaign=post.campaign if post and is_click else "",
        token=f"{rng.getrandbits(64):016x}",
        seller_id="" if is_click else SELLER,
        account_id=invoice.customer_id.split("@")[0].replace("buyer", "cafe"),
    )
