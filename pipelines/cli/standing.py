"""How the deployment stands: last runs, freshness, and what was not taken in and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import run as pipeline
from pipelines.errors import SocialRoiError
from pipelines.rhythm import USUAL_GAPS, is_late
from pipelines.settings import Home
from pipelines.warehouse import open_warehouse

if TYPE_CHECKING:
    import duckdb

RUNS = 5
LISTED = 50

PUBLICATION = "select publication_id from published.meta_publication"

FRESHNESS = f"""
    select
        days.network, max(days.metric_date) as data_through, any_value(known.status) as status,
        any_value(gaps.usual_gap_days) as usual_gap_days
    from (
        select network, metric_date from published.fct_action_metrics_daily
        union all
        select network, metric_date from published.fct_account_metrics_daily
    ) as days
    left join published.dim_networks as known on days.network = known.network
    left join ({USUAL_GAPS}) as gaps on days.network = gaps.network
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


def standing(home: Home) -> dict[str, Any]:
    """What ``social-roi status`` says, as plain values.

    Files and rows are read from the warehouse, which knows what a stopped run took in; while a run is writing
    there, from what is published.
    """
    from pipelines.publish import latest

    database = latest(home)
    found: dict[str, Any] = {
        "home": str(home.root),
        "publication_id": None,
        "runs": [_run(record) for record in pipeline.last_runs(home, most=RUNS)],
        "freshness": [],
        "turned_away": [],
        "quarantine": [],
    }
    if database is not None:
        with _reader(database) as connection:
            found["publication_id"] = _rows(connection, PUBLICATION)[0]["publication_id"]
            found["freshness"] = [_freshness(row) for row in _rows(connection, FRESHNESS)]
    return found | _turned_away(home, database)


def _turned_away(home: Home, database: Path | None) -> dict[str, Any]:
    import duckdb

    if home.warehouse.exists():
        try:
            with open_warehouse(home, read_only=True) as connection:
                return _books(connection, "raw.")
        except duckdb.CatalogException:
            return {}
        except duckdb.IOException as error:
            if database is None:
                raise SocialRoiError("a run is writing and nothing is published yet", remedy="Try again") from error
    if database is None:
        return {}
    with _reader(database) as connection:
        return _books(connection, "published.meta_")


def _books(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, Any]:
    return {
        "turned_away": _rows(connection, TURNED_AWAY.format(schema=schema)),
        "quarantine": _rows(connection, QUARANTINE.format(schema=schema)),
    }


def _reader(database: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(str(database), read_only=True)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
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
