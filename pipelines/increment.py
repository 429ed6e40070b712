"""What the last completed build read, so that a night computes only what differs (docs/adr/0017).

The schema ``built`` of the warehouse holds copies of the small tables that touches and credit are computed from, which
files the touches came from, and how far the build got. Anything unclear, such as a build that broke off, other
settings or another version of the project, leads to a build from nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.schema import raw_tables
from pipelines.warehouse import INTERMEDIATE, MARTS, RAW, STAGING

if TYPE_CHECKING:
    import duckdb

BUILT = "built"
ATTRIBUTION = ("tag:attribution", "path:models/published")
INCREMENTALITY = "tag:incrementality"
"""What ``attribute`` and ``present`` build; ``transform`` builds the rest."""
STANDING = ("path:models/staging", "resource_type:seed")
"""What a night that adds to the last build finds as it must be: views of raw tables, and what the project says."""
READ: dict[str, tuple[str, ...]] = {
    "int_action_rows_fingerprinted": (
        "action_key", "network", "campaign", "is_ad", "is_named", "source_rank", "row_count", "row_fingerprint",
    ),
    "int_exchange_rates": ("currency", "rate_day", "currency_micros", "reporting_micros", "quoted_on"),
    "int_action_references_listed": ("kind", "reference", "network", "action_key", "is_unique"),
    "int_actions_described": ("action_key", "network", "campaign", "seller_id"),
    "int_marks_resolved": (
        "mark_type", "mark_key", "prefix", "network", "channel", "campaign", "seller_id", "action_key", "is_action",
    ),
    "int_codes_resolved": ("code", "network", "channel", "campaign", "action_key", "seller_id"),
    "int_identities_resolved": ("anonymous_id", "claimed_from", "claimed_until", "customer_id"),
    "int_accounts_resolved": ("merged_account_id", "account_id"),
    "int_customer_accounts": ("customer_id", "account_id"),
    "int_touches_derived": (
        "touch_id", "customer_id", "account_id", "touched_at", "touch_type", "channel", "network_given",
        "campaign_given", "discount_code", "seller_id", "is_answer",
    ),
    "mart_account_touches": ("journey_key", "touch_id"),
    "mart_conversions": (
        "conversion_id", "journey_key", "converted_at", "converted_second", "conversion_date", "revenue", "net_revenue",
    ),
    "int_conversion_stages": ("conversion_id", "stage_kind", "entered_second"),
    "stg_attribution__weights": ("period_start", "state", "weight"),
    "mart_actions": ("action_key", "network", "account"),
    "mart_action_metrics_daily": ("action_key", "network", "metric_date", "link_clicks"),
    "mart_costs_daily": (
        "cost_id", "metric_date", "network", "account", "campaign", "action_key", "seller_id", "cost", "has_rate",
    ),
    "int_costs_allocated": ("cost_id", "action_key", "cost_allocated"),
    "mart_allocations": ("model", "network", "action_key", "revenue_allocated"),
}  # fmt: skip
"""The models whose differences from the last build say what is computed anew, with what of them is read."""

SPECIFIED = ("sources", "networks", "network_aliases")
"""Raw tables that say what specifications say: a change of these is a change of the project."""

STALE = (
    "int_touches_stale", "int_touches_renewed", "int_touches_replaced", "int_touches_changed", "int_conversions_stale",
    "int_conversion_touches_renewed", "int_customers_stale", "int_click_days_stale", "int_actions_stale",
    "int_action_days_stale",
)  # fmt: skip
"""The models that say what a night computes anew: nothing, until something they are made of has changed."""

EVERY_NIGHT = ("loads", "file_totals", "quarantine", "checks")
"""Raw tables that tell of the runs themselves."""

_ROWS = " union all ".join(
    f"select '{name}' as table_name, file_sha256, count(*) as file_rows from {RAW}.{name} group by file_sha256"
    for name in raw_tables()
)
_FILES = f"""
    select files.*, loads.reading_id
    from ({_ROWS}) as files
    left join (select file_sha256, min(reading_id) as reading_id from {RAW}.loads group by file_sha256) as loads
        on files.file_sha256 = loads.file_sha256
"""
_CHANGED = f"""
    (from {BUILT}.files_now except from {BUILT}.files)
    union all
    (from {BUILT}.files except from {BUILT}.files_now)
"""
_LOADED = f"""
    create or replace table {BUILT}.action_files_changed as
    select file_sha256 from ({_CHANGED}) where table_name = 'action_metrics';
    create or replace table {BUILT}.touchpoints_loaded as
    with changed as (select file_sha256 from ({_CHANGED}) where table_name = 'touchpoints')
    select touch_id from {RAW}.touchpoints where file_sha256 in (from changed)
    union
    select touch_id from {INTERMEDIATE}.int_touches_deduped where file_sha256 in (from changed)
"""


def signature(connection: duckdb.DuckDBPyConnection, variables: dict[str, Any], project: Path) -> str:
    """One hash over settings, specifications and the project: where it differs, all is computed from nothing."""
    known = hashlib.sha256(json.dumps(variables, sort_keys=True).encode())
    for path in sorted(path for folder in ("models", "macros", "seeds") for path in (project / folder).rglob("*.*")):
        known.update(path.read_bytes())
    for table in SPECIFIED:
        rows = connection.execute(f"select * from {RAW}.{table} order by all").fetchall()
        known.update(repr(rows).encode())
    return known.hexdigest()


def begin_transform(connection: duckdb.DuckDBPyConnection, signed: str, *, full_refresh: bool) -> Sequence[str] | None:
    """Say what of the touches is computed anew.

    Returns:
        The raw tables that changed since the last build, which can be added to; None: the caller builds from nothing.
        Where a build stopped after its transform and no file has changed since, its touches stand as they are.
    """
    known = _state(connection)
    if not full_refresh and known == (signed, "transformed") and not _changed_since(connection):
        return EVERY_NIGHT
    adds = not full_refresh and known == (signed, "complete")
    connection.execute("begin")
    if not adds:
        connection.execute(f"drop schema if exists {BUILT} cascade")
        connection.execute(f"create schema {BUILT}")
    connection.execute(f"create or replace table {BUILT}.files_now as {_FILES}")
    if adds:
        connection.execute(_LOADED)
        connection.execute(f"create or replace table {BUILT}.increment as select true as adds")
        for name in STALE:
            connection.execute(f"delete from {INTERMEDIATE}.{name}")
    _stand(connection, signed, "transforming")
    connection.execute("commit")
    return changed_tables(connection) if adds else None


def changed_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The raw tables of which a file came, went or was read again since the last build; only what is made of these, or
    tells of the runs themselves, can differ from it."""
    changed = connection.execute(f"select distinct table_name from ({_CHANGED}) order by all").fetchall()
    return [*(name for (name,) in changed), *EVERY_NIGHT]


def selection(changed: Sequence[str] | None, *, attribution: bool) -> list[str]:
    """What of dbt's models a step builds: all of its own, or those of its own that are made of changed raw tables.

    Of some raw tables nothing that ``attribute`` builds is made, which dbt_project.yml otherwise takes for a mistake.
    """
    if changed is None:
        ours = ["--select", *ATTRIBUTION, "--exclude"] if attribution else ["--exclude", *ATTRIBUTION]
        return [*ours, INCREMENTALITY, "--full-refresh"]
    made = [f"source:raw.{name}+" for name in changed]
    if not attribution:
        return ["--select", *made, "--exclude", *ATTRIBUTION, INCREMENTALITY, *STANDING]
    made = [f"{part},{source}" for part in ATTRIBUTION for source in ("source:attribution+", *made)]
    return ["--warn-error-options", '{"error": []}', "--select", *made, "--exclude", INCREMENTALITY, *STANDING]


def end_transform(connection: duckdb.DuckDBPyConnection, signed: str) -> None:
    """The touches are what raw says; credit is not computed yet."""
    _stand(connection, signed, "transformed")


def begin_attribute(connection: duckdb.DuckDBPyConnection, signed: str, *, full_refresh: bool) -> Sequence[str] | None:
    """Whether credit can be added to that of the last build.

    Returns:
        The raw tables that changed since; None: the caller builds credit from nothing, as where it broke off before:
        what it had been is then forgotten in part.
    """
    known, stage = _state(connection)
    connection.execute("begin")
    connection.execute(f"create schema if not exists {BUILT}")
    if full_refresh or known != signed or stage not in ("transformed", "complete"):
        connection.execute(f"drop table if exists {BUILT}.increment")
    elif stage == "complete":
        connection.execute(f"create or replace table {BUILT}.increment as select true as adds")
    if known == signed and stage in ("transformed", "complete"):
        _stand(connection, signed, "attributing")
    connection.execute("commit")
    return changed_tables(connection) if adds_to_last(connection) else None


def adds_to_last(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether this build adds to the last one."""
    return bool(
        connection.execute(
            f"select 1 from duckdb_tables() where schema_name = '{BUILT}' and table_name = 'increment'"
        ).fetchall()
    )


def end_attribute(connection: duckdb.DuckDBPyConnection, signed: str) -> None:
    """Keep what this build read: the next one is compared with it."""
    known, stage = _state(connection)
    connection.execute(f"drop table if exists {BUILT}.increment")
    if (known, stage) != (signed, "attributing"):
        return
    connection.execute("begin")
    for name, columns in READ.items():
        connection.execute(
            f"create or replace table {BUILT}.{name} as select {', '.join(columns)} from {_schema(name)}.{name}"
        )
    connection.execute(f"create or replace table {BUILT}.files as from {BUILT}.files_now")
    _stand(connection, signed, "complete")
    connection.execute("commit")


def _changed_since(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a file came, went or was read again since the transform that is to be gone on from."""
    differs = f"(({_FILES}) except from {BUILT}.files_now) union all (from {BUILT}.files_now except ({_FILES}))"
    return bool(connection.execute(f"select 1 from ({differs}) limit 1").fetchall())


def _state(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """The signature of the last build, and how far it got."""
    found = connection.execute(
        f"select count(*) from duckdb_tables() where schema_name = '{BUILT}' and table_name = 'state'"
    ).fetchall()
    if not found[0][0]:
        return ("", "")
    rows = connection.execute(f"select signature, stage from {BUILT}.state").fetchall()
    signed, stage = rows[0] if rows else ("", "")  # an earlier version could be killed before it had said
    return (signed, stage)


def _stand(connection: duckdb.DuckDBPyConnection, signed: str, stage: str) -> None:
    """Say it in one statement: what is killed here has said all or nothing."""
    connection.execute(f"create or replace table {BUILT}.state as select '{signed}' as signature, '{stage}' as stage")


def _schema(name: str) -> str:
    return {"int": INTERMEDIATE, "mart": MARTS, "stg": STAGING}[name.split("_")[0]]
