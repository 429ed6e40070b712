"""Marts: every rule of credit, money and time, on the tables in the warehouse that will be published."""

from __future__ import annotations

from expectations import cause, chains, credit, figures, identity, money, pipeline
from expectations.checks import Check
from expectations.contract import published_tables, shapes
from pipelines.settings import Settings
from pipelines.warehouse import PUBLISHED

IDENTITY = (identity.CLAIMS, identity.RESOLVED, identity.ACCOUNTS, identity.ANSWERS)


def layer(name: str) -> str:
    """Where dbt builds a published table in the warehouse."""
    return f"{PUBLISHED}.{name}"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return (
        *(layer(name) for name in published_tables()),
        money.COSTS,
        money.DOUBLED,
        money.PAIRED,
        figures.ORDERS,
        pipeline.STAGES,
        cause.DIAGNOSES,
        *IDENTITY,
    )


def checks(settings: Settings) -> list[Check]:
    """Every mart check: columns and keys first, then sums, times, references, ratios and freshness."""
    return [
        *shapes(layer),
        *figures.conversions(layer, settings),
        *credit.checks(layer, settings),
        *figures.roi(layer),
        figures.costs(layer, of=money.COSTS),
        *money.checks(layer, settings),
        *pipeline.checks(layer),
        *identity.checks(),
        *chains.checks(layer, settings),
        *cause.checks(layer),
        *figures.actions(layer),
    ]
