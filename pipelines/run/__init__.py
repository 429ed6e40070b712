"""The list of stages and the gates between them: composition, no logic.

The command line runs every stage in one process; each Airflow task runs one of them. Both call ``run_stage``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipelines.errors import UsageError
from pipelines.run.following import Following
from pipelines.run.log import tell
from pipelines.run.record import amend, fail, last_runs, new_run_id, now
from pipelines.settings import Home, Settings

if TYPE_CHECKING:
    from pipelines.land import Receipt
    from pipelines.load import LoadSummary
    from pipelines.publish import Publication
    from pipelines.validate import CheckVerdict

__all__ = [
    "CHECKED_STAGES",
    "RUNS_SHOWN",
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
    "write_runs",
]

Progress = Callable[[str], None]

RUNS_SHOWN = 30
"""How many runs ``status`` looks at and the page of runs shows."""

CHECKED_STAGES = ("landing", "raw", "staging", "marts", "published")


@dataclass(frozen=True)
class Run:
    """One pass over the stages.

    Attributes:
        date_from: with ``date_to``: only files whose content speaks of a day in this range are landed. A file
            that names no day is landed in any case. What is loaded already stays.
        full_refresh: build every dbt model from nothing.
        from_lake: begin with an empty warehouse and load all that has landed.
    """

    home: Home
    settings: Settings
    run_id: str
    full_refresh: bool = False
    date_from: date | None = None
    date_to: date | None = None
    from_lake: bool = False


@dataclass(frozen=True)
class Stage:
    """A step that acts, and the checks that must pass before the next one starts."""

    name: str
    act: Callable[[Run], dict[str, Any]]
    gates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ingested:
    """What became of each file, what was loaded, and the columns that are told of for the first time."""

    receipts: tuple[Receipt, ...]
    summary: LoadSummary
    new_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunOutcome:
    """A run that ended well. ``record`` is what ``state/runs/<run_id>.json`` holds."""

    run_id: str
    publication: Path
    report: Path
    record: dict[str, Any]


def ingest(home: Home, settings: Settings, *, paths: list[Path] | None = None, source: str | None = None) -> Ingested:
    """Land new files, all or those named, and load what the ledger lacks."""
    from pipelines.land import land, tell_new_columns

    receipts = land(home, settings, paths=paths, source=source)
    news = tuple(map(str, tell_new_columns(home, receipts)))
    return Ingested(tuple(receipts), load_landed(home, settings), news)


def land_source(
    home: Home,
    settings: Settings,
    *,
    source: str | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
    or_landed: bool = False,
) -> dict[str, int]:
    """Land new files and say how many ended in which status.

    Args:
        home: the deployment.
        settings: hold what files do not say of themselves.
        source: only the files in this source's folder; ``""``: those in no source's folder.
        date_from: with ``date_to``: only files whose content speaks of a day in this range, or of no day.
        date_to: the last day of the range.
        or_landed: also the files that came into the landing folder on a day of the range.

    Raises:
        UsageError: there is no landing folder: a mount that is missing is no night without news.
    """
    from pipelines.land import land, tell_new_columns

    if not home.landing.is_dir():
        raise UsageError(
            "there is no landing folder", where=str(home.landing), remedy="Create it, or mount it where it belongs"
        )
    days = None if date_from is None and date_to is None else (date_from or date.min, date_to or date.max)
    wanted = _speaks_of(days, ZoneInfo(settings.time_zone), or_landed=or_landed) if days else None
    receipts = land(home, settings, source=source, wanted=wanted)
    for news in tell_new_columns(home, receipts):
        logging.getLogger(__name__).warning("%s", news)
    return _by_status(receipts)


def load_landed(home: Home, settings: Settings, *, afresh: bool = False) -> LoadSummary:
    """Load what has landed and the ledger lacks; with ``afresh`` into an empty warehouse."""
    from pipelines.load import load

    return load(home, settings, afresh=afresh)


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
    """Run one stage and close its gates; the run's record as it is afterwards.

    After ``load``, a run that would compute from the same inputs what readers see already passes the stages by, unless
    a full refresh is asked for.
    """
    stage = next(stage for stage in STAGES if stage.name == name)
    record = amend(run.home, run.run_id)
    if record.get("unchanged") and not run.full_refresh:
        progress(f"{name}: nothing has changed since the last publication")
        return _shown(run, amend(run.home, run.run_id, stage=name, **_ending(stage)))
    progress(name)
    tell(run.home, run.run_id, "stage_started", stage=name)
    begun = time.monotonic()
    following = Following(
        run.home, run.settings, run.run_id, name, datetime.now(UTC), "stage" not in record, stage is STAGES[-1]
    )
    following.started()
    try:
        seconds, found = _act(run, stage, progress)
    except BaseException as error:
        following.failed(error)
        record = fail(run.home, run.run_id, stage=name, error=error, seconds=time.monotonic() - begun)
        tell(run.home, run.run_id, "failed", stage=name, status=record["status"], error=record["error"])
        _shown(run, record)
        raise
    following.ended(found, found.pop("built", ()))
    tell(run.home, run.run_id, "stage_ended", stage=name, seconds=seconds, **found)
    return _shown(run, amend(run.home, run.run_id, stage=name, seconds=seconds, **found, **_ending(stage)))


def _shown(run: Run, record: dict[str, Any]) -> dict[str, Any]:
    """The record; where the run has ended, well or not, the page of runs shows it."""
    if "ended_at" in record:
        try:
            write_runs(run.home)
        except Exception as error:  # noqa: BLE001 - whatever it is: the run's own end is what counts
            tell(run.home, run.run_id, "page_of_runs_not_written", error=str(error))
    return record


def _act(run: Run, stage: Stage, progress: Progress) -> tuple[dict[str, float], dict[str, Any]]:
    """Let a stage act and close its gates: the seconds that each took, and what the stage found."""
    begun = time.monotonic()
    found = stage.act(run)
    acted = time.monotonic()
    seconds = {stage.name: round(acted - begun, 2)}
    for gate in stage.gates:
        progress(f"validate {gate}")
        verdicts = check(run.home, run.settings, gate, run_id=run.run_id)
        warnings = [f"{item.suite} {item.expectation}" for item in verdicts if not item.success]
        tell(run.home, run.run_id, "gate_passed", stage=gate, checks=len(verdicts), warnings=warnings)
    if stage.gates:
        seconds[f"validate {' '.join(stage.gates)}"] = round(time.monotonic() - acted, 2)
    return seconds, found


def _ending(stage: Stage) -> dict[str, str]:
    return {"status": "done", "ended_at": now()} if stage is STAGES[-1] else {}


def check(
    home: Home, settings: Settings, stage: str, *, run_id: str, database: Path | None = None
) -> list[CheckVerdict]:
    """Hold one stage against its expectations; ``database`` is the file to look at for ``published``.

    A stage that passes is written into Data Docs with the others, when the run publishes.
    """
    from pipelines.validate import validate

    return validate(home, settings, stage, run_id=run_id, database=database, docs=False)


def publish_checked(home: Home, settings: Settings, *, run_id: str) -> Publication:
    """Publish the warehouse, once the candidate has passed the checks on what is published. Their pages are written
    before any reader sees it, so that a disk too full for them publishes nothing."""
    from pipelines.publish import publish
    from pipelines.validate import build_data_docs

    def verdicts(candidate: Path) -> list[CheckVerdict]:
        found = check(home, settings, "published", run_id=run_id, database=candidate)
        build_data_docs(home, run_id=run_id)
        return found

    return publish(home, settings, run_id=run_id, check=verdicts)


def write_report(home: Home) -> Path:
    """Write the HTML report of what is published."""
    from pipelines import report

    return report.write_report(home)


def write_runs(home: Home) -> Path:
    """Write the HTML page of runs, ``state/runs.html``."""
    from pipelines import report

    return report.write_runs(home, last_runs(home, most=RUNS_SHOWN))


def _land(run: Run) -> dict[str, Any]:
    return {"landed": land_source(run.home, run.settings, date_from=run.date_from, date_to=run.date_to)}


def _speaks_of(days: tuple[date, date], zone: ZoneInfo, *, or_landed: bool) -> Callable[[Path, Receipt], bool]:
    """Whether a file speaks of one of these days, or of none, or came in on one."""
    first, last = map(str, days)

    def speaks(path: Path, receipt: Receipt) -> bool:
        if (
            or_landed
            and path.exists()
            and first <= str(datetime.fromtimestamp(path.stat().st_mtime, zone).date()) <= last
        ):
            return True
        return (receipt.period_start or first) <= last and (receipt.period_end or last) >= first

    return speaks


def _load(run: Run) -> dict[str, Any]:
    summary = load_landed(run.home, run.settings, afresh=run.from_lake)
    found = {"files": summary.statuses, "loaded": {"files": summary.files, "rows": summary.rows}}
    if summary.upgrade:  # what was built in the warehouse before is gone, or of another version
        return found | {"upgrade": summary.upgrade, "inputs": _inputs(run)}
    return found | _unchanged(run)


def _unchanged(run: Run) -> dict[str, Any]:
    """What a run that would compute the same again takes over from the one that did."""
    from pipelines.run.unchanged import published_before

    inputs = _inputs(run)
    before = None if run.from_lake else published_before(run.home, inputs)
    if before is None:
        return {"inputs": inputs}
    kept = {name: before[name] for name in ("publication_id", "publication", "data_through", "report")}
    return {"inputs": inputs, "unchanged": True, **kept}


def _inputs(run: Run) -> str:
    from pipelines.run.unchanged import inputs_digest

    return inputs_digest(run.home, run.settings)


def _transform(run: Run) -> dict[str, Any]:
    from pipelines.transform import transform

    return {"built": transform(run.home, run.settings, full_refresh=run.full_refresh)}


def _attribute(run: Run) -> dict[str, Any]:
    from pipelines.attribution import compute
    from pipelines.transform import attribute

    compute(run.home, run.settings)
    return {"built": attribute(run.home, run.settings, full_refresh=run.full_refresh)}


def _incrementality(run: Run) -> dict[str, Any]:
    from pipelines.incrementality import compute
    from pipelines.transform import present

    compute(run.home, run.settings)
    return {"built": present(run.home, run.settings, full_refresh=run.full_refresh)}


def _publish(run: Run) -> dict[str, Any]:
    made = publish_checked(run.home, run.settings, run_id=run.run_id)
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
    Stage("attribute", _attribute),
    Stage("incrementality", _incrementality, gates=("marts",)),
    Stage("publish", _publish),
    Stage("report", _report),
)
"""The order of a run. ``publish`` has its gate inside: the candidate is checked before any reader sees it."""
