"""What earlier publications said of a month, what is said now, and where exports do not agree."""

from __future__ import annotations

from collections import defaultdict

import duckdb

from pipelines.report.sql import columns, rows
from pipelines.report.values import Disagreement, MonthSaid

MAX_MONTHS = 12

MONTHS_SAID = """
with said as (
    select model, month, published_at, sum(revenue_credited) as revenue
    from published.fct_reported_history
    where network is not null
    group by model, month, published_at
),

firsts as (
    select
        model, month,
        coalesce(min(published_at) filter (published_at >= month + interval 1 month), min(published_at)) as first_at
    from said
    group by model, month
),

latest as (
    select max(published_at) as now_at from published.fct_reported_history
)

select
    firsts.model, firsts.month, firsts.first_at, sum(then_said.revenue) as revenue_then,
    coalesce(sum(now_said.revenue), 0) as revenue_now
from firsts
cross join latest
inner join said as then_said
    on firsts.model = then_said.model and firsts.month = then_said.month and firsts.first_at = then_said.published_at
left join said as now_said
    on firsts.model = now_said.model and firsts.month = now_said.month and latest.now_at = now_said.published_at
group by firsts.model, firsts.month, firsts.first_at
having revenue_then is distinct from revenue_now
order by firsts.model, firsts.month desc
"""

REASONS = """
select model, month, published_at, reason, sum(revenue_change) as revenue_change
from published.fct_reported_changes
where network is not null and revenue_change <> 0
group by all
order by all
"""

DISAGREEMENTS = """
select
    reconciliation.kind, coalesce(networks.display_name, reconciliation.network) as display_name,
    reconciliation.metric, count(*) as figures,
    arg_max(reconciliation.value_believed, abs(reconciliation.difference)) as believed,
    arg_max(reconciliation.value_other, abs(reconciliation.difference)) as other
from published.meta_reconciliation as reconciliation
left join published.dim_networks as networks on reconciliation.network = networks.network
where reconciliation.kind in ('own_export_and_tool', 'later_and_earlier_export', 'exports_of_one_day')
group by all
order by max(abs(reconciliation.difference) / greatest(1, abs(reconciliation.value_believed))) desc, 1, 2, 3
limit $1
"""
MAX_DISAGREEMENTS = 15


def read_months_said(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[MonthSaid, ...]]:
    """By model, the latest months of which something else is said now than when they were first complete."""
    if not columns(connection, "fct_reported_changes"):
        return {}
    changes = rows(connection, REASONS)
    found: dict[str, list[MonthSaid]] = defaultdict(list)
    for row in rows(connection, MONTHS_SAID):
        model = str(row.pop("model"))
        reasons: dict[str, float] = defaultdict(float)
        for change in changes:
            if (change["model"], change["month"]) == (model, row["month"]) and change["published_at"] > row["first_at"]:
                reasons[change["reason"]] += float(change["revenue_change"])
        ordered = sorted(reasons.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
        found[model].append(MonthSaid(**row, reasons=tuple(ordered)))
    return {model: tuple(months[:MAX_MONTHS]) for model, months in found.items()}


def read_disagreements(connection: duckdb.DuckDBPyConnection) -> tuple[Disagreement, ...]:
    """Where exports say different things of one figure, the largest relative difference first."""
    if not columns(connection, "meta_reconciliation"):
        return ()
    return tuple(Disagreement(**row) for row in rows(connection, DISAGREEMENTS, MAX_DISAGREEMENTS))
