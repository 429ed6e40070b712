"""What social media caused: intervals before points, credit beside cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.report.queries import ANY_SALE
from pipelines.report.sql import columns, decimal, rows

GRADES = {
    "experiment": "tested",
    "calibrated_model": "transferred from tests",
    "model": "observed, not tested",
    "credit_only": "credit only",
}
"""``evidence`` in words."""

CAUSED = f"""
with credited as (
    select r.network, case when {ANY_SALE} then sum(r.revenue_credited) end as revenue
    from published.fct_network_roi_daily as r
    where r.model = $1
    group by r.network
)

select
    i.network, coalesce(n.display_name, i.network) as display_name, i.period_start, i.period_end,
    i.incremental_revenue, i.incremental_revenue_low, i.incremental_revenue_high, i.spend,
    i.incremental_roas_low, i.incremental_roas_high, i.evidence, i.method, i.is_prior_dominated, i.reason,
    credited.revenue as revenue_credited, {{claimed}} as revenue_claimed
from published.fct_incremental_revenue as i
left join published.dim_networks as n on i.network = n.network
left join credited on i.network = credited.network
where i.period_kind = 'all' and i.campaign is null
order by i.incremental_revenue desc nulls last, i.incremental_revenue_high desc nulls last, i.network
"""


NEXT_STEPS = """
select a.*, coalesce(n.display_name, a.network) as display_name
from published.fct_incremental_advice as a
left join published.dim_networks as n on a.network = n.network
order by a.test_narrows desc nulls last, a.network
"""


@dataclass(frozen=True)
class Caused:
    """What one network caused over all days. ``None`` is "not known"; ``point`` too where only an interval is given."""

    network: str
    display_name: str
    first: date
    last: date
    point: Decimal | None
    low: Decimal | None
    high: Decimal | None
    spend: Decimal | None
    roas: tuple[float | None, float | None]
    evidence: str
    method: str
    reason: str | None
    credited: Decimal | None
    claimed: Decimal | None

    @property
    def grade(self) -> str:
        return GRADES[self.evidence]

    @property
    def verdict(self) -> str:
        """What the interval says about its cost, in words."""
        if self.low is None or self.high is None:
            return "not known"
        if self.point is None:
            return "too little evidence"
        if not self.spend:
            return "brings something" if self.low > 0 else "may bring nothing"
        if self.low >= self.spend:
            return "above its cost"
        return "below its cost" if self.high < self.spend else "still open"


def read_caused(connection: duckdb.DuckDBPyConnection, model: str) -> tuple[Caused, ...]:
    """Every network, that which caused most first; none where the publication is of an earlier version, and no claims
    where it is older than these."""
    known = columns(connection, "fct_incremental_revenue")
    if not known:
        return ()
    claimed = "i.revenue_claimed" if "revenue_claimed" in known else "null"
    return tuple(_caused(row) for row in rows(connection, CAUSED.format(claimed=claimed), model))


@dataclass(frozen=True)
class NextStep:
    """What to do about one network: what more spend would bring, and the test that is worth running."""

    display_name: str
    roas: tuple[float | None, float | None]
    advice: str | None
    reason: str | None
    test_days: int | None
    test_part: float | None
    narrows: Decimal | None


def read_next_steps(connection: duckdb.DuckDBPyConnection) -> tuple[NextStep, ...]:
    """Every network, the test that is worth most first."""
    if not columns(connection, "fct_incremental_advice"):
        return ()
    return tuple(
        NextStep(
            row["display_name"],
            (row["marginal_roas_low"], row["marginal_roas_high"]),
            row["advice"],
            row["advice_reason"],
            row["test_days"],
            row["test_part"],
            decimal(row["test_narrows"]),
        )
        for row in rows(connection, NEXT_STEPS)
    )


def _caused(row: Mapping[str, Any]) -> Caused:
    return Caused(
        network=row["network"],
        display_name=row["display_name"],
        first=row["period_start"],
        last=row["period_end"],
        point=decimal(row["incremental_revenue"]),
        low=decimal(row["incremental_revenue_low"]),
        high=decimal(row["incremental_revenue_high"]),
        spend=decimal(row["spend"]),
        roas=(row["incremental_roas_low"], row["incremental_roas_high"]),
        evidence=row["evidence"],
        method=row["method"],
        reason=row["reason"],
        credited=decimal(row["revenue_credited"]),
        claimed=decimal(row["revenue_claimed"]),
    )
