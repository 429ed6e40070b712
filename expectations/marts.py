"""Marts: every rule of credit, money and time, on the tables in the warehouse that will be published."""

from __future__ import annotations

from expectations import rules
from expectations.checks import Check
from expectations.contract import published_tables
from pipelines.settings import Settings
from pipelines.warehouse import PUBLISHED

META_CHECKS = "meta_checks"


def layer(name: str) -> str:
    """Where dbt builds a published table in the warehouse."""
    return f"{PUBLISHED}.{name}"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return tuple(layer(name) for name in published_tables())


def checks(settings: Settings) -> list[Check]:
    """Every mart check: keys and columns first, then sums, times, references, ratios and freshness."""
    return [
        *rules.shapes(layer, tuple(published_tables())),
        *rules.facts(layer, settings),
        *rules.credits(layer, settings),
        *rules.references(layer),
        *rules.roi(layer),
        rules.freshness(layer),
    ]
