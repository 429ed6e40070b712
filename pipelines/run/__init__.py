"""The list of stages and the gates between them: composition, no logic.

The command line runs every stage in one process; each Airflow task runs one of them. Both call ``run_stage``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.run.arrivals import Ingested, ingest, land_source, load_landed
from pipelines.run.following import Following
from pipelines.run.log import tell
from pipelines.run.record import amend, fail, last_runs, new_run_id, now
from pipelines.run.stages import CHECKED_STAGES, STAGES, Run, Stage, check, publish_checked, write_report
from pipelines.settings import Home, Settings

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


@dataclass(frozen=True)
class RunOutcome:
    """A run that ended well. ``record`` is what ``state/runs/<run_id>.json`` holds."""

    run_id: str
    publication: Path
    report: Path
    record: dict[str, Any]


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


def write_runs(home: Home) -> Path:
    """Write the HTML page of runs, ``state/runs.html``."""
    from pipelines import report

    return report.write_runs(home, last_runs(home, most=RUNS_SHOWN))
