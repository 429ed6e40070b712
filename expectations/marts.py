"""Marts: every rule of credit, money and time, on the tables in the warehouse that will be published."""

from __future__ import annotations

from expectations import credit, figures
from expectations.checks import Check
from expectations.contract import published_tables, shapes
from pipelines.settings import Settings
from pipelines.warehouse import MARTS, PUBLISHED

COSTS = f"{MARTS}.mart_costs_daily"


def layer(name: str) -> str:
    """Where dbt builds a published table in the warehouse."""
    return f"{PUBLISHED}.{name}"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return (*(layer(name) for name in published_tables()), COSTS)


def checks(settings: Settings) -> list[Check]:
    """Every mart check: columns and keys first, then sums, times, references, ratios and freshness."""
    return [
        *shapes(layer),
        *figures.conversions(layer, settings),
        *credit.checks(layer, settings),
        *figures.roi(layer),
        figures.costs(layer, of=COSTS),
        *figures.actions(layer),
    ]
