"""How the deployment stands: last runs, freshness, and what was not taken in and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import SocialRoiError
from pipelines.report.sql import columns
from pipelines.rhythm import USUAL_GAPS, is_late
from pipelines.schema import literal
from pipelines.settings import Home
from pipelines.warehouse import open_warehouse

RUNS = 5
LISTED = 50
DATABASE = "roi.duckdb"

PUBLICATION = "select publication_id, published_at from published.meta_publication"

NO_GAPS = "select null as network, null as usual_gap_days"
"""The rhythm of a publication whose books do not say which days a file is of: it is of an older version."""

FRESHNESS = """
    select
        days.network, max(days.metric_date) as data_through, any_value(known.status) as status,
        any_value(gaps.usual_gap_days) as usual_gap_days,
        coalesce(any_value(known.display_name), days.network) as display_name
    from (
        select network, metric_date from published.fct_action_metrics_daily
        union all
        select network, metric_date from published.fct_account_metrics_daily
    ) as days
    left join published.dim_networks as known on days.network = known.network
    left join ({gaps}) as gaps on days.network = gaps.network
    group by days.network
    order by days.network
"""

TURNED_AWAY = f"""
    select path, status, reason
    from {{schema}}loads
    where status in ('refused', 'needs_answer')
    order by path
    limit {LISTED}
"""

QUARANTINE = f"""
    select
        (select min(path) from {{schema}}loads as file where file.file_sha256 = row.file_sha256) as path,
        reason, column_name, count(*) as rows, any_value(value_excerpt order by row_number) as example,
        min(row_number) as first_row
    from {{schema}}quarantine as row
    group by row.file_sha256, reason, column_name
    order by rows desc, path, reason, column_name
    limit {LISTED}
"""

FAILED_CHECKS = f"""
    with asked as (
        select max(run_id) as run_id from {{schema}}checks where run_id in (select unnest({{runs}}))
    )

    select checks.run_id, stage, suite, expectation, severity, observed, expected
    from {{schema}}checks as checks
    inner join asked on checks.run_id = asked.run_id
    where not success
    order by severity, stage, suite, expectation
    limit {LISTED}
"""
"""What did not hold in the last of some runs that asked anything."""


def standing(home: Home, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How a deployment stands, as plain values: what ``social-roi status`` says and the run page shows.

    Files, rows and checks are read from the warehouse, which knows what a stopped run took in; while a run is writing
    there, from what is published.

    Args:
        home: the deployment.
        records: of the last runs, the newest first.

    Raises:
        SocialRoiError: a run is writing and nothing is published.
    """
    database = home.published / DATABASE
    found: dict[str, Any] = {
        "home": str(home.root),
        "publication_id": None,
        "published_at": None,
        "runs": [_run(record) for record in records[:RUNS]],
        "freshness": [],
        "turned_away": [],
        "quarantine": [],
        "failed_checks": [],
    }
    is_published = database.exists()
    if is_published:
        with _reader(database) as connection:
            found |= _rows(connection, PUBLICATION)[0]
            gaps = USUAL_GAPS if {"networks", "period_end"} <= columns(connection, "meta_loads") else NO_GAPS
            found["freshness"] = [_freshness(row) for row in _rows(connection, FRESHNESS.format(gaps=gaps))]
    run_ids = [record["run_id"] for record in records]
    return found | _books_of(home, run_ids, database=database if is_published else None)


def _books_of(home: Home, run_ids: list[str], *, database: Path | None) -> dict[str, Any]:
    if home.warehouse.exists():
        try:
            with open_warehouse(home, read_only=True) as connection:
                return _books(connection, "raw.", run_ids)
        except (duckdb.CatalogException, duckdb.BinderException):
            return {}  # made by another version; the next run brings it to this one
        except duckdb.IOException as error:
            if database is None:
                raise SocialRoiError("a run is writing and nothing is published yet", remedy="Try again") from error
    if database is None:
        return {}
    with _reader(database) as connection:
        return _books(connection, "published.meta_", run_ids)


def _books(connection: duckdb.DuckDBPyConnection, schema: str, run_ids: list[str]) -> dict[str, Any]:
    runs = f"cast([{', '.join(map(literal, run_ids))}] as varchar[])"
    return {
        "turned_away": _rows(connection, TURNED_AWAY.format(schema=schema)),
        "quarantine": _rows(connection, QUARANTINE.format(schema=schema)),
        "failed_checks": _rows(connection, FAILED_CHECKS.format(schema=schema, runs=runs)),
    }


def _reader(database: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(database.resolve()), read_only=True)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query. It has no parameters: the first one makes DuckDB import pandas, for which a run without news
    has no other use."""
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _run(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "run_id": record["run_id"],
        "started_at": record["started_at"],
        "status": record["status"],
        "stage": record.get("stage"),
        "seconds": round(sum(record["seconds"].values()), 1),
        "publication_id": record.get("publication_id"),
        "message": (record.get("error") or {}).get("message"),
    }


def _freshness(row: dict[str, Any]) -> dict[str, Any]:
    """How far behind a network is, and whether that is late by its own rhythm. One that is gone is never behind."""
    today = datetime.now(UTC).date()
    is_expected = row["data_through"] and row["status"] != "retired"
    return {
        **row,
        "days_behind": (today - row["data_through"]).days if is_expected else None,
        "is_late": is_late(
            row["data_through"], today=today, usual_gap_days=row["usual_gap_days"], status=row["status"]
        ),
    }
