"""What a run did, as it does it: one JSON object a line in ``state/logs/<run_id>.jsonl``, for log collectors.

Each line has ``at`` (UTC), ``run_id`` and ``event``: ``stage_started``, ``stage_ended``, ``gate_passed``, ``failed``.
A line is written whole or not at all, also when several tasks of one run write at the same time.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.settings import Home


def tell(home: Home, run_id: str, event: str, **told: Any) -> None:
    """Append one event to the log of a run."""
    path = log_file(home, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": at, "run_id": run_id, "event": event, **told}, default=str, ensure_ascii=False) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def log_file(home: Home, run_id: str) -> Path:
    """Where the events of a run are."""
    return home.state / "logs" / f"{run_id}.jsonl"
