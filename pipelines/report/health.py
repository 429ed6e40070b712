"""What the report says about the data itself: how far it reaches, what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.report.sql import columns, rows
from pipelines.rhythm import METRICS

MAX_ROWS = 25
WAITING = ("needs_answer", "refused")

LAST_READINGS = """
select * from published.meta_loads qualify row_number() over (partition by path order by loaded_at desc) = 1
"""
"""The last word on each path: a file that was refused and then replaced is no longer refused."""

FRESHNESS = """
with days as (
    select network, metric_date from published.fct_action_metrics_daily
    union all
    select network, metric_date from published.fct_account_metrics_daily
),

coverage as (
    select
        network, min(metric_date) as first_day, max(metric_date) as last_day,
        count(distinct metric_date) as days
    from days
    group by network
),

files as (
    select
        trim(part.network) as network, max(loaded_at) as last_file_at, arg_max(path, row(loaded_at, path)) as last_file
    from published.meta_loads
    cross join unnest(string_split(regexp_replace({networks}, '[\\[\\]"'']', '', 'g'), ',')) as part (network)
    where status = 'loaded' and file_sha256 in (
        select file_sha256 from published.meta_file_totals where metric in {metrics}
    )
    group by trim(part.network)
)

select
    n.network, n.display_name, n.status, c.first_day, c.last_day, coalesce(c.days, 0) as days, f.last_file,
    f.last_file_at
from published.dim_networks as n
left join coverage as c on n.network = c.network
left join files as f on n.network = f.network
order by n.network
"""

QUARANTINE = """
with files as (
    select file_sha256, any_value(source) as source from published.meta_loads group by file_sha256
)

select
    f.source, q.reason, q.column_name, count(*) as rows, count(distinct q.file_sha256) as files,
    min(q.value_excerpt) as example
from published.meta_quarantine as q
left join files as f on q.file_sha256 = f.file_sha256
group by f.source, q.reason, q.column_name
order by rows desc, f.source, q.reason, q.column_name
"""

CHECKS = """
with last_runs as (
    select stage, arg_max(run_id, {order}) as run_id from published.meta_checks group by stage
)

select c.stage, c.suite, c.expectation, c.severity, c.success, c.observed, c.expected
from published.meta_checks as c
inner join last_runs as l on c.stage = l.stage and c.run_id = l.run_id
order by c.severity, c.stage, c.suite, c.expectation
"""


@dataclass(frozen=True)
class Freshness:
    """How far a network's data reaches."""

    network: str
    display_name: str
    status: str
    first_day: date | None
    last_day: date | None
    days: int
    last_file: str | None
    last_file_at: datetime | None


@dataclass(frozen=True)
class OpenFile:
    """A landed file that is not in the numbers."""

    path: str
    source: str | None
    status: str
    reason: str | None
    landed_at: datetime | None


@dataclass(frozen=True)
class QuarantineGroup:
    """Rows refused for one reason in one column of one source."""

    source: str | None
    reason: str | None
    column_name: str | None
    rows: int
    files: int
    example: str | None


@dataclass(frozen=True)
class FailedCheck:
    """A check that failed in the last run of its stage."""

    stage: str
    suite: str | None
    expectation: str
    severity: str
    observed: str | None
    expected: str | None


@dataclass(frozen=True)
class Health:
    """Can the numbers be trusted: reach of the data, files, rows and checks left out."""

    freshness: tuple[Freshness, ...]
    file_counts: tuple[tuple[str, int], ...]
    open_files: tuple[OpenFile, ...]
    quarantine: tuple[QuarantineGroup, ...]
    quarantined_rows: int
    failed_checks: tuple[FailedCheck, ...]
    checks_run: int


def _checks(connection: duckdb.DuckDBPyConnection) -> tuple[int, tuple[FailedCheck, ...]]:
    """The verdicts of the last run of each stage: how many, and those that failed."""
    order = "checked_at" if "checked_at" in columns(connection, "meta_checks") else "run_id"
    verdicts = rows(connection, CHECKS.format(order=order))
    failed = tuple(
        FailedCheck(**{name: value for name, value in row.items() if name != "success"})
        for row in verdicts
        if not row["success"]
    )
    return len(verdicts), failed


def read_health(connection: duckdb.DuckDBPyConnection, *, with_networks: bool) -> Health:
    """Read what is known of the data's state.

    Args:
        connection: sees one publication.
        with_networks: whether ``meta_loads`` names the networks of each file; else its source stands in.
    """
    networks = "coalesce(networks, source)" if with_networks else "source"
    counts = rows(connection, f"select status, count(*) as files from ({LAST_READINGS}) group by 1 order by 1")
    waiting = rows(
        connection,
        f"select path, source, status, reason, loaded_at as landed_at from ({LAST_READINGS})"
        " where status in (select unnest($1)) order by status, loaded_at desc, path",
        list(WAITING),
    )
    quarantine = rows(connection, QUARANTINE)
    checks_run, failed = _checks(connection)
    return Health(
        freshness=tuple(
            Freshness(**row) for row in rows(connection, FRESHNESS.format(networks=networks, metrics=METRICS))
        ),
        file_counts=tuple((row["status"], row["files"]) for row in counts),
        open_files=tuple(OpenFile(**row) for row in waiting),
        quarantine=tuple(QuarantineGroup(**row) for row in quarantine[:MAX_ROWS]),
        quarantined_rows=sum(row["rows"] for row in quarantine),
        failed_checks=failed,
        checks_run=checks_run,
    )
