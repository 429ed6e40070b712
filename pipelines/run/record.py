"""The book of runs: one JSON file for each, in ``state/runs``, written anew after every stage."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.errors import CheckStopError, SocialRoiError
from pipelines.settings import Home


def new_run_id() -> str:
    """A run's name: its start in UTC and a random suffix; sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def now() -> str:
    """This moment in UTC, to the second, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def amend(home: Home, run_id: str, **changes: Any) -> dict[str, Any]:
    """Change a run's record, or begin it, and return it. ``seconds`` are added to those that are there."""
    path = _folder(home) / f"{run_id}.json"
    begun = {"run_id": run_id, "started_at": now(), "status": "running", "seconds": {}}
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else begun
    seconds = {**record["seconds"], **changes.pop("seconds", {})}
    record = {**record, **changes, "seconds": seconds}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(record, indent=2, default=str) + "\n", encoding="utf-8")
    fresh.replace(path)
    return record


def fail(home: Home, run_id: str, *, stage: str, error: BaseException, seconds: float = 0.0) -> dict[str, Any]:
    """Record that a run ended in ``stage``, after so many seconds in it: ``stopped`` by a check, else ``failed``; the
    record."""
    told: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, SocialRoiError):
        told |= {"what": error.what, "where": error.where, "remedy": error.remedy}
    status = "stopped" if isinstance(error, CheckStopError) else "failed"
    return amend(
        home, run_id, status=status, stage=stage, ended_at=now(), error=told, seconds={stage: round(seconds, 2)}
    )


def last_runs(home: Home, *, most: int) -> list[dict[str, Any]]:
    """The records of the last runs, the newest first."""
    return list(islice(runs(home), most))


def runs(home: Home) -> Iterator[dict[str, Any]]:
    """The records of all runs, the newest first; one that is no JSON is left out."""
    for path in sorted(_folder(home).glob("*.json"), reverse=True):
        with suppress(json.JSONDecodeError):
            yield json.loads(path.read_text(encoding="utf-8"))


def _folder(home: Home) -> Path:
    return home.state / "runs"
