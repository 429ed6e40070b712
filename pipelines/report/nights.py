"""What the page of runs says of each run, made of the records in ``state/runs``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

CHECKING = "validate"
"""How the seconds of a stage's gates begin in a record."""

SLOW, USUAL_RUNS = 2.0, 3
"""A run is slow that took more than so many times the median of at least so many others."""

OUTCOME_WORDS = {
    "done": "published",
    "nothing_new": "nothing new",
    "stopped": "stopped by a check",
    "failed": "failed",
    "broken_off": "broken off",
    "running": "running",
}


@dataclass(frozen=True)
class StageTime:
    """How long a stage took, or the checks that follow it (``is_check``); ``is_end``: the run ended badly in it."""

    name: str
    seconds: float
    is_check: bool
    is_end: bool = False


@dataclass(frozen=True)
class Trouble:
    """Why a run ended: what happened, where, and the way out."""

    what: str
    where: str | None
    remedy: str | None


@dataclass(frozen=True)
class RunShown:
    """One run. ``took`` is from start to end, waiting between tasks included, in seconds; None while it runs, and
    where its process was killed. ``files_in`` came in or changed; ``refused`` and ``waiting`` lie in the landing folder
    and are not in the numbers. None is not known."""

    run_id: str
    started_at: datetime
    outcome: str
    stage: str | None
    took: float | None
    stages: tuple[StageTime, ...]
    files_in: int | None
    refused: int | None
    waiting: int | None
    trouble: Trouble | None
    is_slow: bool = False

    @property
    def worked(self) -> float:
        """Seconds in stages and checks."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def ended_well(self) -> bool:
        return self.outcome in ("done", "nothing_new")

    @property
    def words(self) -> str:
        return OUTCOME_WORDS.get(self.outcome, self.outcome)


def nights(records: Sequence[Mapping[str, Any]]) -> tuple[RunShown, ...]:
    """The runs of these records (the newest first), in the same order, the slow ones marked."""
    shown = [_shown(record, is_newest=place == 0) for place, record in enumerate(records)]
    whole = [run.took for run in shown if run.outcome == "done" and run.took is not None]
    usual = median(whole) if len(whole) > USUAL_RUNS else None
    if usual is None:
        return tuple(shown)
    return tuple(_marked(run, usual) for run in shown)


def _marked(run: RunShown, usual: float) -> RunShown:
    return replace(run, is_slow=run.took is not None and run.took > SLOW * usual)


def _shown(record: Mapping[str, Any], *, is_newest: bool) -> RunShown:
    started = datetime.fromisoformat(record["started_at"])
    ended = record.get("ended_at")
    files, error = record.get("files"), record.get("error")
    status = str(record["status"])
    is_over = status in ("stopped", "failed")
    return RunShown(
        run_id=str(record["run_id"]),
        started_at=started,
        outcome=_outcome(record, status, is_newest=is_newest),
        stage=record.get("stage"),
        took=(datetime.fromisoformat(ended) - started).total_seconds() if ended else None,
        stages=tuple(
            StageTime(name, float(seconds), name.startswith(f"{CHECKING} "), is_over and name == record.get("stage"))
            for name, seconds in record.get("seconds", {}).items()
        ),
        files_in=(record.get("loaded") or {}).get("files"),
        refused=files.get("refused", 0) if files is not None else None,
        waiting=files.get("needs_answer", 0) if files is not None else None,
        trouble=_trouble(error) if error and is_over else None,
    )


def _outcome(record: Mapping[str, Any], status: str, *, is_newest: bool) -> str:
    """A run that says it is running, and after which another began, was killed: one writes at a time."""
    if status == "running" and not is_newest:
        return "broken_off"
    return "nothing_new" if status == "done" and record.get("unchanged") else status


def _trouble(error: Mapping[str, Any]) -> Trouble:
    return Trouble(str(error.get("what") or error.get("message")), error.get("where"), error.get("remedy"))
