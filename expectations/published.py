"""Published: the candidate file is whole, and is the marts that were validated, before readers see it."""

from __future__ import annotations

from expectations import credit, history
from expectations.checks import Check, no_rows
from expectations.contract import UPSTREAM, PublishedTable, published_tables, shapes
from expectations.marts import layer
from pipelines.settings import Settings

META_CHECKS = "meta_checks"
"""Grows while a publication is made: not compared."""

SUMS = ("revenue", "revenue_credited", "net_revenue_credited", "cost", "spend", "rows_loaded", "total_loaded")
PUBLISH_AGAIN = "Run `social-roi publish` again; report it if the difference stays"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return tuple(layer(name) for name in (*published_tables(), *history.TABLES))


def checks(settings: Settings) -> list[Check]:
    """Every check of a candidate: the contract's tables and columns, the marts' totals, exact credit, and what
    was said."""
    copies = [table for table in published_tables().values() if table.name != META_CHECKS]
    return [
        *shapes(layer),
        *(_same_as_marts(table) for table in copies),
        *credit.checks(layer, settings),
        *history.checks(layer),
    ]


def _same_as_marts(table: PublishedTable) -> Check:
    sums = [name for name in SUMS if name in table.columns]
    figures = ", ".join(["count(*) as row_count", *(f"sum({name}) as {name}" for name in sums)])
    name = layer(table.name)
    return no_rows(
        "same_as_marts",
        name,
        "stop",
        sql=f"""with here as (select {figures} from this),
                there as (select {figures} from {UPSTREAM}.{name})
            select 'published' as place, * from (from here except from there)
            union all select 'marts' as place, * from (from there except from here) order by place desc""",
        meaning=f"{name} has the rows and totals of the marts that were validated",
        remedy=PUBLISH_AGAIN,
    )
