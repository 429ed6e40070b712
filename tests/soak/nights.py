"""A company's mornings: each brings the exports of the last days, with what came late and what was corrected since.

One simulated company is looked at again and again. On a morning, exports speak of the ``WINDOW`` days before it; names
are those that a browser gives to a file that is there already (``Date (3).csv``). From one morning to the next:

* the last day of every series was not over, and is restated by the next export;
* some touches are told two days late, some under an anonymous id whose customer is told a day later;
* refunds stand only in the exports made after them; some invoices are in dollars;
* the rate of the last day is provisional.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.simulate import write_exports
from pipelines.simulate.b2b import Invoice
from pipelines.simulate.costs import Cost
from pipelines.simulate.demand import Order, Touch
from pipelines.simulate.files import csv_text, put
from pipelines.simulate.metrics import Counts, PostDay, by_day
from pipelines.simulate.plan import AD_SPEND
from pipelines.simulate.world import World, build_world

WINDOW = 8
"""Days that an export goes back."""
FIRST_EXPORT = 14
"""Days that the first export goes back."""
BY_DAY = ("pinterest",)
"""What is exported post by post and day by day, and so tells nothing of the days before the export's first."""
REFUND_AFTER = timedelta(days=3)
RATES = {"USD": 1.16, "JPY": 171.2, "GBP": 0.86, "CHF": 0.93}


class Morning(World):
    """A company as its exports tell it on one morning."""

    def daily(self, key: str) -> dict[date, Counts]:
        """The days of the export; posts keep the numbers of their whole life."""
        return by_day((day for day in self.measured[key] if self.first <= day.metric_date <= self.last), self.calendar)


def write_nights(out: Path, *, nights: int, seed: int, scale: float, end: date) -> list[Path]:
    """Write so many nights of exports, the last of which ends with ``end``; a folder for each, in order of time."""
    days = FIRST_EXPORT + nights - 1
    world = build_world(seed=seed, days=days, scale=scale, end=end)
    folders, taken = [], set[Path]()
    for number in range(nights):
        last = end - timedelta(days=nights - 1 - number)
        since = last - timedelta(days=(WINDOW if number else FIRST_EXPORT) - 1)
        folder = out / f"night{number:02}"
        written = write_exports(seen_on(world, since, last), folder)
        written += _identities(world, last, folder, since=last if number else since)
        written.append(_rates(world, last, folder))
        for path in written:
            _rename(path, folder, number, taken)
        folders.append(folder)
    return folders


def seen_on(world: World, since: date, last: date) -> World:
    """What exports tell on the morning after ``last`` of the days since ``since``."""
    window = range(since.toordinal(), last.toordinal() + 1)
    told = [touch for touch in world.touches if touch.touched_at.toordinal() in window and told_on(touch) <= last]
    return Morning(
        seed=world.seed,
        first=since,
        days=len(window),
        scale=world.scale,
        shelves=world.shelves,
        touches=tuple(map(_named, told)),
        orders=tuple(_order_on(each, last) for each in world.orders if each.ordered_at.toordinal() in window),
        invoices=tuple(_invoice_on(each, last) for each in world.invoices if each.ordered_at.toordinal() in window),
        costs=tuple(_costs(world, since, last)),
        measured={
            key: _measured(days, since if key in BY_DAY else world.first, last) for key, days in world.measured.items()
        },
    )  # fmt: skip


def told_on(touch: Touch) -> date:
    """The day on which a touch is first exported: one in five comes two days late."""
    return touch.touched_at.date() + timedelta(days=2 if int(touch.token[:4], 16) % 5 == 0 else 0)


def _measured(days: Iterable[PostDay], since: date, last: date) -> list[PostDay]:
    """What was counted until the morning after ``last``; a day that is not over has seven tenths of its numbers."""
    return [
        replace(day, counts={name: count * 7 // 10 for name, count in day.counts.items()})
        if day.metric_date == last
        else day
        for day in days
        if since <= day.metric_date <= last
    ]


def _is_anonymous(customer: str) -> bool:
    return sum(customer.encode()) % 3 == 0


def _named(touch: Touch) -> Touch:
    return replace(touch, customer_id=f"anon-{touch.customer_id}") if _is_anonymous(touch.customer_id) else touch


def _order_on(order: Order, last: date) -> Order:
    is_known = order.ordered_at.date() + REFUND_AFTER <= last
    return order if is_known or not order.refunded else replace(order, status="paid", refunded=0)


def _invoice_on(invoice: Invoice, last: date) -> Invoice:
    is_known = invoice.refunded_at is not None and invoice.refunded_at.date() <= last
    return invoice if is_known else replace(invoice, refunded_at=None)


def _costs(world: World, since: date, last: date) -> Iterator[Cost]:
    """Ad spend by day; that of the last day is an estimate."""
    for (network, campaign), a_day in AD_SPEND.items():
        if network == "pinterest":
            continue
        for offset in range((last - since).days + 1):
            day = since + timedelta(days=offset)
            amount = round(a_day * world.scale * (90 if day == last else 100))
            yield Cost(day, day, amount, "ad_spend", network, campaign)


def _identities(world: World, last: date, out: Path, *, since: date) -> list[Path]:
    """Who the anonymous turned out to be, known a day after their first touch."""
    first: dict[str, datetime] = {}
    for touch in world.touches:
        first.setdefault(touch.customer_id, touch.touched_at)
    rows = [
        (f"anon-{customer}", customer, "", (at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S+00:00"))
        for customer, at in first.items()
        if _is_anonymous(customer) and since <= (at + timedelta(days=1)).date() <= last
    ]
    if not rows:
        return []
    header = ("anonymous_id", "customer_id", "account_id", "linked_at")
    return [put(out / "identities" / "identities.csv", csv_text(header, rows))]


def _rates(world: World, last: date, out: Path) -> Path:
    """The central bank's history, the newest day first; the newest is restated tomorrow."""
    days = [last - timedelta(days=back) for back in range((last - world.first).days + 1)]
    moved = {day: 1 + day.day / 1000 + (0.01 if day == last else 0) for day in days}
    rows = [(day.isoformat(), *(f"{rate * moved[day]:.4f}" for rate in RATES.values())) for day in days]
    return put(out / "fx_rates" / "eurofxref-hist.csv", csv_text(("Date", *RATES), rows))


def _rename(path: Path, folder: Path, number: int, taken: set[Path]) -> None:
    """Give a file the name that a browser gives where the name is taken; some invoices are in dollars."""
    if path.parent.name == "orders":
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(_in_dollars(line) for line in lines), encoding="utf-8")
    place = path.relative_to(folder)
    if place in taken:
        path.rename(path.with_stem(f"{path.stem} ({number})"))
    taken.add(place)


def _in_dollars(line: str) -> str:
    order, *_ = line.split(",")
    return line.replace(",EUR,", ",USD,") if order[-1] in "13579" else line


def lay(folders: Iterable[Path], landing: Path) -> None:
    """Put the exports of nights into a landing folder, each file under its own name."""
    for folder in folders:
        shutil.copytree(folder, landing, dirs_exist_ok=True)
