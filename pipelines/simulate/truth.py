"""What is true of the demo's company and stands in none of its exports."""

from __future__ import annotations

from pathlib import Path

from pipelines.simulate.files import Row, csv_text, put
from pipelines.simulate.lift import caused
from pipelines.simulate.plan import CHANNELS, NETWORKS
from pipelines.simulate.world import World


def write_truth(world: World, out: Path) -> list[Path]:
    """Write the company's true totals, what each network caused, and how likely one touch makes a person buy."""
    totals: list[Row] = [
        ("shop_revenue", f"{world.shop_revenue / 100:.2f}"),
        ("revenue", f"{world.revenue / 100:.2f}"),
        ("orders", len(world.orders)),
        ("invoices", len(world.invoices)),
        ("touches", len(world.touches)),
    ]
    lost: list[Row] = [(network, f"{cents / 100:.2f}") for network, cents in caused(world).items()]
    pulls: list[Row] = [(way.key, way.pull) for way in (*NETWORKS, *CHANNELS)]
    return [
        put(out / "totals.csv", csv_text(("what", "value"), totals)),
        put(out / "incremental_revenue.csv", csv_text(("network", "incremental_revenue"), lost)),
        put(out / "pulls.csv", csv_text(("way", "chance_to_buy"), pulls)),
    ]
