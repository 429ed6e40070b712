"""The dbt stages: from the raw tables to everything that is published, in this process.

dbt is called through ``dbtRunner``: starting it costs seconds once, a warm call well under one. What it needs to know
is passed as variables, from the settings and the metric catalogue, and stays the same from run to run, so that dbt
re-reads only the files that changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.errors import SocialRoiError
from pipelines.schema import metrics
from pipelines.settings import Home, Settings
from pipelines.warehouse import create_raw_schema, open_warehouse, writer_lock

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
ATTRIBUTION = ("tag:attribution", "path:models/published")
"""What ``attribute`` builds; ``transform`` builds the rest."""

MESSAGE_LENGTH = 800


def transform(home: Home, settings: Settings, *, full_refresh: bool = False) -> None:
    """Build and test staging, intermediate and marts, all but the attribution models.

    Raises:
        SocialRoiError: a model or test failed; names it, with the engine's message.
        BusyError: another run is writing.
    """
    _build(home, settings, ("--exclude", *ATTRIBUTION), purpose="transform", full_refresh=full_refresh)


def attribute(home: Home, settings: Settings, *, full_refresh: bool = False) -> None:
    """Build and test the attribution models and the published tables, from what ``transform`` built.

    Raises:
        SocialRoiError: a model or test failed; names it, with the engine's message.
        BusyError: another run is writing.
    """
    _build(home, settings, ("--select", *ATTRIBUTION), purpose="attribute", full_refresh=full_refresh)


def dbt_vars(settings: Settings) -> dict[str, Any]:
    """The variables of the dbt project."""
    return {
        "reporting_currency": settings.currency,
        "time_zone": settings.time_zone,
        "utm_content_is_action_id": settings.utm_content_is_action_id,
        "lookback_days": settings.lookback_days,
        "attribution_models": [
            {
                "model": model,
                "lookback_days": settings.lookback_days_by_model.get(model, settings.lookback_days),
                "half_life_days": settings.half_life_days,
            }
            for model in dict.fromkeys(settings.models)
        ],
        "metrics": [
            {"name": metric.name, "kind": metric.kind, "unit": metric.unit, "sql_type": metric.sql_type}
            for metric in metrics().values()
        ],
    }


def run_dbt(home: Home, settings: Settings, arguments: Sequence[str]) -> None:
    """Call dbt on the home's warehouse. The caller holds the writer lock.

    Args:
        arguments: the dbt command and its own options; where the project, the warehouse and the logs are, and the
            variables, are added.

    Raises:
        SocialRoiError: dbt could not start, or a model or test failed.
    """
    from dbt.cli.main import dbtRunner

    state = home.state / "dbt"
    state.mkdir(parents=True, exist_ok=True)
    places = {
        "--project-dir": PROJECT,
        "--profiles-dir": PROJECT,
        "--target-path": state / "target",
        "--log-path": state / "logs",
        "--vars": json.dumps(dbt_vars(settings), sort_keys=True),
    }
    options = [str(part) for pair in places.items() for part in pair]
    quiet = ["--no-send-anonymous-usage-stats", "--no-version-check", "--no-write-json", "--quiet"]
    with _environment(home), _released_connections():
        result = dbtRunner().invoke([*quiet, "--log-level", "none", "--log-level-file", "info", *arguments, *options])
    if not result.success:
        raise _failure(result, log=state / "logs" / "dbt.log")


def _build(home: Home, settings: Settings, selection: Sequence[str], *, purpose: str, full_refresh: bool) -> None:
    """One ``dbt build`` under the writer lock.

    Great Expectations holds the gates of a night, and asks of published tables what dbt's own tests ask of every model
    on the way; these run with ``full_refresh`` and in the test suite, where their two fifths of the time do not matter.
    """
    extra = ["--full-refresh"] if full_refresh else ["--exclude-resource-type", "test"]
    with writer_lock(home, purpose=purpose):
        with open_warehouse(home) as connection:
            create_raw_schema(connection)
        run_dbt(home, settings, ["build", "--exclude-resource-type", "unit_test", *selection, *extra])


@contextmanager
def _environment(home: Home) -> Iterator[None]:
    """What ``dbt_project/profiles.yml`` reads from the environment, for the time of one call."""
    given = {
        "SOCIAL_ROI_WAREHOUSE": str(home.warehouse.resolve()),
        "SOCIAL_ROI_TEMP_DIRECTORY": str((home.state / "dbt" / "temp").resolve()),
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _released_connections() -> Iterator[None]:
    """Make sure that dbt lets go of the warehouse, whatever happened: an open one blocks every other opener."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    try:
        yield
    finally:
        environment = DuckDBConnectionManager._ENV
        if environment is not None:
            environment.close()
        DuckDBConnectionManager.close_all_connections()


def _failure(result: Any, *, log: Path) -> SocialRoiError:
    """The first thing that went wrong in a dbt call, in words."""
    remedy = f"dbt's log is {log}"
    if result.exception is not None:
        return SocialRoiError(f"dbt could not run: {_short(str(result.exception))}", remedy=remedy)
    failed = [entry for entry in result.result.results if entry.status in ("error", "fail", "runtime error")]
    if not failed:
        return SocialRoiError("dbt ended without success and named no cause", remedy=remedy)
    first, others = failed[0], len(failed) - 1
    what = f"{first.node.resource_type} {first.node.name} failed: {_short(first.message or str(first.status))}"
    if others:
        what += f" (and {others} more)"
    if first.node.resource_type == "test":
        remedy = f"The rows that break the rule: {_test_query(first, log)}. {remedy}"
    return SocialRoiError(what, where=f"dbt_project/{first.node.original_file_path}", remedy=remedy)


def _test_query(failed: Any, log: Path) -> str:
    """Where the compiled query of a failed test is, to run against the warehouse."""
    compiled = getattr(failed.node, "compiled_path", None)
    return str(compiled) if compiled else f"see the test's query in {log}"


def _short(text: str) -> str:
    """A message in one line, cut to a readable length."""
    line = " ".join(text.split())
    return line if len(line) <= MESSAGE_LENGTH else line[:MESSAGE_LENGTH] + " ..."
