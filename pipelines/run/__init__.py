"""The list of stages and the gates between them: composition, no logic.

The command line runs every stage in one process; each Airflow task runs one of them. Both call ``run_stage``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.run.record import amend, fail, last_runs, new_run_id, now
from pipelines.settings import Home, Settings

if TYPE_CHECKING:
    from pipelines.land import Receipt
    from pipelines.load import LoadSummary
    from pipelines.publish import Publication
    from pipelines.validate import CheckVerdict

__all__ = [
    "CHECKED_STAGES",
    "STAGES",
    "Ingested",
    "Run",
    "RunOutcome",
    "Stage",
    "check",
    "ingest",
    "land_source",
    "last_runs",
    "load_landed",
    "new_run_id",
    "publish_checked",
    "run_all",
    "run_stage",
    "write_report",
]

Progress = Callable[[str], None]

CHECKED_STAGES = ("landing", "raw", "staging", "marts", "published")


@dataclass(frozen=True)
class Run:
    """One pass over the stages.

    Attributes:
        date_from: with ``date_to``: only files whose content speaks of a day in this range are landed. A file
            that names no day is landed in any case. What is loaded already stays.
        full_refresh: build every dbt model from nothing.
    """

    home: Home
    settings: Settings
    run_id: str
    full_refresh: bool = False
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True)
class Stage:
    """A step that acts, and the checks that must pass before the next one starts."""

    name: str
    act: Callable[[Run], dict[str, Any]]
    gates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ingested:
    """What became of each file, and what was loaded."""

    receipts: tuple[Receipt, ...]
    summary: LoadSummary


@dataclass(frozen=True)
class RunOutcome:
    """A run that ended well. ``record`` is what ``state/runs/<run_id>.json`` holds."""

    run_id: str
    publication: Path
    report: Path
    record: dict[str, Any]


def ingest(home: Home, settings: Settings, *, paths: list[Path] | None = None, source: str | None = None) -> Ingested:
    """Land new files, all or those named, and load what the ledger lacks."""
    from pipelines.land import land

    receipts = land(home, settings, paths=paths, source=source)
    return Ingested(tuple(receipts), load_landed(home, settings))


def land_source(
    home: Home,
    settings: Settings,
    *,
    source: str | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
) -> dict[str, int]:
    """Land new files and say how many ended in which status.

    Args:
        home: the deployment.
        settings: hold what files do not say of themselves.
        source: only the files in this source's folder; ``""``: those in no source's folder.
        date_from: with ``date_to``: only files whose content speaks of a day in this range, or of no day.
        date_to: the last day of the range.
    """
    from pipelines.land import land

    if date_from is None and date_to is None:
        return _by_status(land(home, settings, source=source))
    paths = _within(home, settings, source, str(date_from or date.min), str(date_to or date.max))
    return _by_status(land(home, settings, paths=paths)) if paths else {}


def load_landed(home: Home, settings: Settings) -> LoadSummary:
    """Load what has landed and the ledger lacks."""
    from pipelines.load import load

    return load(home, settings)


def run_all(
    home: Home,
    settings: Settings,
    *,
    full_refresh: bool = False,
    date_from: date | None = None,
    date_to: date | None = None,
    progress: Progress = lambda _: None,
) -> RunOutcome:
    """Run every stage, in this process.

    Raises:
        CheckStopError: a stop-level check failed; readers keep the earlier publication.
        SocialRoiError: a stage refused.
    """
    run = Run(home, settings, new_run_id(), full_refresh, date_from, date_to)
    record = amend(home, run.run_id)
    for stage in STAGES:
        record = run_stage(run, stage.name, progress=progress)
    return RunOutcome(run.run_id, Path(record["publication"]), Path(record["report"]), record)


def run_stage(run: Run, name: str, *, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Run one stage and close its gates; the run's record as it is afterwards."""
    stage = next(stage for stage in STAGES if stage.name == name)
    begun = time.monotonic()
    progress(name)
    try:
        found = stage.act(run)
        acted = time.monotonic()
        seconds = {name: round(acted - begun, 2)}
        for gate in stage.gates:
            progress(f"validate {gate}")
            check(run.home, run.settings, gate, run_id=run.run_id)
        if stage.gates:
            seconds[f"validate {' '.join(stage.gates)}"] = round(time.monotonic() - acted, 2)
    except BaseException as error:
        fail(run.home, run.run_id, stage=name, error=error)
        raise
    if stage is STAGES[-1]:
        found |= {"status": "done", "ended_at": now()}
    return amend(run.home, run.run_id, stage=name, seconds=seconds, **found)


def check(
    home: Home, settings: Settings, stage: str, *, run_id: str, database: Path | None = None
) -> list[CheckVerdict]:
    """Hold one stage against its expectations; ``database`` is the file to look at for ``published``.

    A stage that passes is written into Data Docs with the others, when the run publishes.
    """
    from pipelines.validate import validate

    return validate(home, settings, stage, run_id=run_id, database=database, docs=False)


def publish_checked(home: Home, settings: Settings, *, run_id: str) -> Publication:
    """Publish the warehouse, once the candidate has passed the checks on what is published."""
    from pipelines.publish import publish

    def verdicts(candidate: Path) -> list[CheckVerdict]:
        return check(home, settings, "published", run_id=run_id, database=candidate)

    return publish(home, settings, run_id=run_id, check=verdicts)


def write_report(home: Home) -> Path:
    """Write the HTML report of what is published."""
    from pipelines import report

    return report.write_report(home)


def _land(run: Run) -> dict[str, Any]:
    return {"landed": land_source(run.home, run.settings, date_from=run.date_from, date_to=run.date_to)}


def _within(home: Home, settings: Settings, source: str | None, first: str, last: str) -> list[Path]:
    """The files in the landing folder that speak of a day from ``first`` to ``last``, or of none."""
    from pipelines.land import inspect_file

    kept = []
    for path in sorted(path for path in (home.landing / (source or "")).rglob("*") if path.is_file()):
        receipt = inspect_file(path, home=home, settings=settings)
        if (receipt.period_start or first) <= last and (receipt.period_end or last) >= first:
            kept.append(path)
    return kept


def _load(run: Run) -> dict[str, Any]:
    summary = load_landed(run.home, run.settings)
    return {"files": summary.statuses, "loaded": {"files": summary.files, "rows": summary.rows}}


def _transform(run: Run) -> dict[str, Any]:
    from pipelines.transform import transform

    transform(run.home, run.settings, full_refresh=run.full_refresh)
    return {}


def _attribute(run: Run) -> dict[str, Any]:
    from pipelines.transform import attribute

    attribute(run.home, run.settings, full_refresh=run.full_refresh)
    return {}


def _publish(run: Run) -> dict[str, Any]:
    from pipelines.validate import build_data_docs

    made = publish_checked(run.home, run.settings, run_id=run.run_id)
    build_data_docs(run.home, run_id=run.run_id)
    return {
        "publication_id": made.publication_id,
        "publication": str(made.path),
        "data_through": made.data_through and str(made.data_through),
    }


def _report(run: Run) -> dict[str, Any]:
    return {"report": str(write_report(run.home))}


def _by_status(receipts: list[Receipt]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for receipt in receipts:
        counts[receipt.status] = counts.get(receipt.status, 0) + 1
    return counts


STAGES = (
    Stage("land", _land),
    Stage("load", _load),
    Stage("validate", lambda _: {}, gates=("landing", "raw")),
    Stage("transform", _transform, gates=("staging",)),
    Stage("attribute", _attribute, gates=("marts",)),
    Stage("publish", _publish),
    Stage("report", _report),
)
"""The order of a run. ``publish`` has its gate inside: the candidate is checked before any reader sees it."""
