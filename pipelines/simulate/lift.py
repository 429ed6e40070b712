"""Lift tests that the company ran: what they found is what would truly be missing, and an honest error."""

from __future__ import annotations

from datetime import timedelta

from pipelines.simulate.files import Row, csv_text
from pipelines.simulate.randomness import stream
from pipelines.simulate.world import World

LEAST_DAYS = 120
"""A shorter story has no test."""
TESTED = {"instagram": (0.35, 42), "tiktok": (0.6, 35)}
"""Networks that were tested: after which part of the period, and for how many days."""
ERROR = 0.15
"""Standard error of a test, as a part of what it is about."""
HEADER = (
    "experiment_id", "network", "design", "direction", "start_date", "end_date", "currency", "incremental_revenue",
    "standard_error",
)  # fmt: skip


def caused(world: World) -> dict[str, int]:
    """Euro cents of orders, not voided, that nobody had placed without each network."""
    networks = sorted({network for order in world.orders for network in order.needed})
    return {
        network: sum(order.total for order in world.orders if network in order.needed and order.status != "voided")
        for network in networks
    }


def write_tests(world: World) -> str:
    """The company's own record of its tests, as a CSV of the template ``experiments``."""
    rng = stream(world.seed, "lift tests")
    rows: list[Row] = []
    for network, (part, days) in TESTED.items():
        first = world.first + timedelta(days=round(part * world.days))
        last = first + timedelta(days=days - 1)
        true = sum(
            order.total
            for order in world.orders
            if network in order.needed and order.status != "voided" and first <= order.ordered_at.date() <= last
        )
        error = max(ERROR * true, 10_000)
        found = true + rng.gauss(0, 1) * error
        rows.append((f"{network}-holdout", network, "user_holdout", "switched_off", first.isoformat(),
                     last.isoformat(), "EUR", f"{found / 100:.2f}", f"{error / 100:.2f}"))  # fmt: skip
    return csv_text(HEADER, rows)
