"""The dbt stages: from the raw tables to everything that is published, in this process.

dbt is called through ``dbtRunner``: starting it costs seconds once, a warm call well under one. What it needs to know
is passed as variables, from the settings and the metric catalogue, and stays the same from run to run, so that dbt
re-reads only the files that changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.built import Built, built_of
from pipelines.credit_models import PATH_MODELS
from pipelines.credit_passes import credit_passes, longest_window, windows_of
from pipelines.errors import SocialRoiError
from pipelines.increment import (
    INCREMENTALITY,
    READ,
    adds_to_last,
    begin_attribute,
    begin_transform,
    end_attribute,
    end_transform,
    selection,
    signature,
)
from pipelines.recorded import Listener, Record
from pipelines.schema import metrics
from pipelines.settings import Home, Settings
from pipelines.spec import kinds_of_sources
from pipelines.warehouse import create_raw_schema, open_warehouse, writer_lock

if TYPE_CHECKING:
    import duckdb

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
MESSAGE_LENGTH = 800


def transform(home: Home, settings: Settings, *, full_refresh: bool = False) -> tuple[Built, ...]:
    """Build and test staging, intermediate and marts, all but the attribution models.

    Returns:
        What was built: all, or what new data or a setting touch.

    Raises:
        SocialRoiError: a model or test failed; names it, with the engine's message.
        BusyError: another run is writing.
    """
    with writer_lock(home, purpose="transform"):
        return _stage(home, settings, begin_transform, end_transform, full_refresh=full_refresh)


def present(home: Home, settings: Settings, *, full_refresh: bool = False) -> tuple[Built, ...]:
    """Build and test what is published of the estimates of incrementality; returns what was built.

    Raises:
        SocialRoiError: a model or test failed; names it, with the engine's message.
        BusyError: another run is writing.
    """
    with writer_lock(home, purpose="incrementality"):
        with open_warehouse(home) as connection:
            signed, selected = signature(connection, dbt_vars(settings), PROJECT), ("--select", INCREMENTALITY)
            built = None if full_refresh else _repeat(home, connection, selected, signed)
        return _build(home, settings, selected, signed, tested=full_refresh) if built is None else built


def attribute(home: Home, settings: Settings, *, full_refresh: bool = False) -> tuple[Built, ...]:
    """Build and test the attribution models and the published tables, from what ``transform`` built; returns what was.

    Raises:
        SocialRoiError: a model or test failed; names it, with the engine's message.
        BusyError: another run is writing.
    """
    with writer_lock(home, purpose="attribute"):
        return _stage(home, settings, begin_attribute, end_attribute, full_refresh=full_refresh)


_ORDER_RANKS = {"payments": 2, "analytics": 3}
"""Kinds of sources whose orders are a shop's orders over again."""


def dbt_vars(settings: Settings) -> dict[str, Any]:
    """The variables of the dbt project."""
    return {
        "reporting_currency": settings.currency,
        "time_zone": settings.time_zone,
        "utm": settings.utm.model_dump(mode="json"),
        "lookback_days": settings.lookback_days,
        **order_ranks(settings),
        "same_sale_days": settings.same_sale_days,
        "ad_spend_from": settings.ad_spend_from,
        "stages": [{"stage": stage, "kind": kind} for stage, kind in settings.stages.items()],
        "attribution_models": [
            {
                "model": model,
                "lookback_days": settings.lookback_days_by_model.get(model, settings.lookback_days),
                "half_life_days": settings.half_life_days,
            }
            for model in settings.touch_models
        ],
        **journey_vars(settings),
        "credit_passes": credit_passes(settings),
        "journey_windows": windows_of(settings),
        "longest_window_days": longest_window(settings),
        "built": {name: list(columns) for name, columns in READ.items()},
        "metrics": [
            {"name": metric.name, "kind": metric.kind, "unit": metric.unit, "sql_type": metric.sql_type}
            for metric in metrics().values()
        ],
    }


def journey_vars(settings: Settings) -> dict[str, Any]:
    """What journeys are made of, and which models divide conversions by what chains and games say."""
    return {
        "journey_grains": list(settings.grains),
        "path_models": [model for model in settings.touch_models if model in PATH_MODELS],
        "path_grain": settings.markov.path_grain,
        "path_period": settings.markov.path_period,
    }


def order_ranks(settings: Settings) -> dict[str, Any]:
    """Which sources' orders are conversions: those of the lowest rank that has any; 9 never are."""
    if settings.orders_from:
        ranks = [{"source": source, "rank": 0} for source in settings.orders_from]
        return {"order_ranks": ranks, "order_rank_of_others": 9}
    ranks = [{"source": source, "rank": _ORDER_RANKS.get(kind, 1)} for source, kind in kinds_of_sources().items()]
    return {"order_ranks": ranks, "order_rank_of_others": 1}


def run_dbt(
    home: Home, settings: Settings, arguments: Sequence[str], *, heard: Callable[[Any], None] | None = None
) -> tuple[Built, ...]:
    """Call dbt on the home's warehouse, in the home's folder. The caller holds the writer lock.

    Args:
        arguments: the dbt command and its own options; where the project, the warehouse and the logs are, and the
            variables, are added.
        heard: is told of each of dbt's events.

    Returns:
        The models and seeds that were built.

    Raises:
        SocialRoiError: dbt could not start, or a model or test failed.
    """
    from dbt.cli.main import dbtRunner

    state = home.state.resolve() / "dbt"
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
    with chdir(home.root), _shared_parse(state / "target"), _released_connections():
        result = dbtRunner(callbacks=[heard] if heard else None).invoke(
            [*quiet, "--log-level", "none", "--log-level-file", "info", *arguments, *options]
        )
    if not result.success:
        raise _failure(result, log=state / "logs" / "dbt.log")
    return built_of(getattr(result.result, "results", ()))


def _stage(
    home: Home,
    settings: Settings,
    begin: Callable[..., Sequence[str] | None],
    end: Callable[..., None],
    *,
    full_refresh: bool,
) -> tuple[Built, ...]:
    """One stage from beginning to end: what dbt came to the last time, on one connection, or else dbt."""
    with open_warehouse(home) as connection:
        create_raw_schema(connection)
        signed = signature(connection, dbt_vars(settings), PROJECT)
        changed = begin(connection, signed, full_refresh=full_refresh)
        selected = selection(changed, attribution=begin is begin_attribute)
        built = None if changed is None else _repeat(home, connection, selected, signed)
        if built is not None:
            end(connection, signed)
            return built
    built = _build(home, settings, selected, signed, tested=full_refresh)
    with open_warehouse(home) as connection:
        end(connection, signed)
    return built


def _repeat(
    home: Home, connection: duckdb.DuckDBPyConnection, selected: Sequence[str], signed: str
) -> tuple[Built, ...] | None:
    """What dbt came to the last time, run again; None where there was no such time."""
    record = Record.of(home.state / "dbt", signed, *selected, str(adds_to_last(connection)))
    steps = record.steps()
    return None if steps is None else record.run(connection, steps)


def _build(home: Home, settings: Settings, selected: Sequence[str], signed: str, *, tested: bool) -> tuple[Built, ...]:
    """One ``dbt build``, kept for the next of its kind where it is not one of everything; the caller holds the lock.

    Great Expectations holds the gates of a night, and asks of published tables what dbt's own tests ask of every model
    on the way; these run where somebody asks for a full refresh and in the test suite, where their two fifths of the
    time do not matter.
    """
    tests = ["unit_test"] if tested else ["unit_test", "test"]
    excluded = [part for kind in tests for part in ("--exclude-resource-type", kind)]
    arguments = ["build", *excluded, *selected]
    if tested or "--full-refresh" in selected:
        return run_dbt(home, settings, arguments)
    with open_warehouse(home) as connection:
        record = Record.of(home.state / "dbt", signed, *selected, str(adds_to_last(connection)))
    listener = Listener()
    built = run_dbt(home, settings, arguments, heard=listener)
    record.keep(listener.steps(built))
    return built


@contextmanager
def _shared_parse(target: Path) -> Iterator[None]:
    """Begin a home's first parse of the project with what another home's came to, and leave one for the next.

    dbt itself holds it against its own version, the variables and each file's content, and reads anew what differs.
    """
    own, shared = target / "partial_parse.msgpack", _cache() / f"dbt-{hashlib.sha256(bytes(PROJECT)).hexdigest()[:12]}"
    is_first = not own.exists()
    if is_first:
        _copy(shared, own)
    yield
    if is_first:
        _copy(own, shared)


def _cache() -> Path:
    """Where programs of this user keep what they can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "social-roi"


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that nobody sees it half written; where that cannot be, it is done without."""
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(source, part)
        part.replace(target)


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
