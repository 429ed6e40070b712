"""Staging: a one-to-one copy of raw, so that nothing is lost or doubled between the two."""

from __future__ import annotations

from expectations.checks import Check, no_rows
from pipelines.schema import metrics, raw_tables
from pipelines.settings import Settings
from pipelines.warehouse import RAW, STAGING

REBUILD = "Run `social-roi run --full-refresh`; report it if the difference stays"


def staged(table: str) -> str:
    """Name of the staging view of a raw table."""
    return f"{STAGING}.stg_raw__{table}"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return tuple(name for table in raw_tables() for name in (f"{RAW}.{table}", staged(table)))


def checks(settings: Settings) -> list[Check]:
    """Every staging check: row counts, and the totals of all metrics that can be added."""
    del settings
    found = [_same_rows(table) for table in raw_tables()]
    summable = [metric.name for metric in metrics().values() if metric.is_summable]
    with_metrics = [table.name for table in raw_tables().values() if set(summable) <= set(table.column_names)]
    return [*found, *(_same_totals(table, summable) for table in with_metrics)]


def _same_rows(table: str) -> Check:
    return no_rows(
        "row_count_matches",
        staged(table),
        "stop",
        sql=f"""select '{table}' as table_name, raw_rows, staged_rows
            from (select count(*) as raw_rows from {RAW}.{table}), (select count(*) as staged_rows from this)
            where raw_rows <> staged_rows""",
        meaning=f"{staged(table)} has as many rows as {RAW}.{table}",
        remedy=REBUILD,
    )


def _same_totals(table: str, summable: list[str]) -> Check:
    def total(relation: str, label: str) -> str:
        sums = ", ".join(f"sum({name})::decimal(38,6) as {name}" for name in summable)
        columns = ", ".join(summable)
        return f"""select metric, {label} from (
            unpivot (select {sums} from {relation}) on {columns} into name metric value {label})"""

    return no_rows(
        "metric_totals_match",
        staged(table),
        "stop",
        sql=f"""select metric, total_in_raw, total_in_staging
            from ({total(f"{RAW}.{table}", "total_in_raw")})
            full outer join ({total("this", "total_in_staging")}) using (metric)
            where total_in_raw is distinct from total_in_staging order by metric""",
        meaning=f"each metric has the same total in {staged(table)} as in {RAW}.{table}",
        remedy=REBUILD,
    )
