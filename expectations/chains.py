"""Chains and games: they are solved well, and what they credit is all there is."""

from __future__ import annotations

from expectations.checks import Check, no_rows
from expectations.contract import REBUILD, Layer
from pipelines.settings import Settings
from pipelines.warehouse import ATTRIBUTION

CONDITION, RESIDUAL = 1e8, 1e-9
"""Above these, removal effects may be wrong in the sixth decimal."""

TOTALS = (("fct_channel_credit", "'channel'"), ("fct_chain_credit", "grain"))
"""Tables of credit by period, and what says their grain."""


def checks(layer: Layer, settings: Settings) -> list[Check]:
    """Every check on what ``pipelines.attribution`` works out."""
    del settings
    return [
        no_rows(
            "chain_well_conditioned",
            f"{ATTRIBUTION}.chains",
            "warn",
            sql=f"""select grain, chain_order, period_kind, period_start, contexts, condition, residual from this
                where condition > {CONDITION} or residual > {RESIDUAL} order by all""",
            meaning="the chain of every period can be solved to six decimals",
            remedy="Somebody's journey runs in a circle for ages: look for a bot among the touchpoints",
        ),
        *(_complete(layer, table, grain) for table, grain in TOTALS),
    ]


def _complete(layer: Layer, table: str, grain: str) -> Check:
    return no_rows(
        "channel_totals_complete",
        layer(table),
        "stop",
        sql=f"""with earned as (
                select count(*) as conversions, sum(revenue) as revenue from {layer("fct_conversions")}
            ), credited as (
                select model, {grain} as grain, period_kind, sum(conversions_credited) as conversions,
                sum(revenue_credited) as revenue
                from this group by all
            )
            select model, grain, period_kind, credited.conversions, earned.conversions as conversions_earned,
                credited.revenue, earned.revenue as revenue_earned
            from credited cross join earned
            where credited.conversions <> earned.conversions or credited.revenue is distinct from earned.revenue
            order by all""",
        meaning="under every model, also those defined on totals only, all there is is credited",
        remedy=REBUILD,
    )
