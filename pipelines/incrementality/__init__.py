"""What social media caused: revenue that would not have come otherwise, with its interval and its evidence.

Credit says who touched a buyer. What would have been lost is another question, answered here from all that bears on
it: lift tests, what the days show, and credit itself, each believed as far as the tests bear it out
(docs/incrementality.md).
"""

from __future__ import annotations

from pipelines.incrementality.estimate import estimate
from pipelines.incrementality.evidence import Credit, CreditedDays, Estimate, Evidence, LiftTest, Panel, Part
from pipelines.incrementality.step import compute
from pipelines.own_tables import INCREMENTALITY_TABLES
from pipelines.warehouse import INCREMENTALITY, MARTS

__all__ = [
    "READS",
    "WRITES",
    "Credit",
    "CreditedDays",
    "Estimate",
    "Evidence",
    "LiftTest",
    "Panel",
    "Part",
    "compute",
    "estimate",
]

READS = tuple(
    f"{MARTS}.mart_{name}"
    for name in (
        "sales_daily", "conversions", "exposure_daily", "roi_daily", "action_metrics_daily", "actions", "costs_daily",
        "experiments", "geo_sales",
    )
)  # fmt: skip
WRITES = tuple(f"{INCREMENTALITY}.{name}" for name in INCREMENTALITY_TABLES)
"""The tables that are read and written here."""
