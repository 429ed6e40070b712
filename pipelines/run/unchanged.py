"""Whether a run has anything to do: what it would compute from is a digest, kept with the run that published it.

The digest covers all that the published tables depend on: what is loaded (the ledger names each reading by content and
specification), the owner's settings and specifications, and the code. Nothing depends on the day of the run.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.publish import latest
from pipelines.run.record import runs
from pipelines.settings import Home, Settings
from pipelines.warehouse import RAW, open_warehouse

ROOT = Path(__file__).resolve().parents[2]
CODE = {"pipelines": (".py", ".yml"), "expectations": (".py",), "dbt_project": (".sql", ".yml")}
LEDGER = f"select file_sha256, path, reading_id, status, is_current from {RAW}.loads order by all"


def inputs_digest(home: Home, settings: Settings) -> str:
    """One digest of everything that the published tables are computed from."""
    digest = hashlib.sha256(_code().encode())
    digest.update(settings.model_dump_json().encode())
    for path in sorted(home.sources.glob("*.yml")):
        digest.update(path.read_bytes())
    with open_warehouse(home, read_only=True) as connection:
        for row in connection.execute(LEDGER).fetchall():
            digest.update(repr(row).encode())
    return digest.hexdigest()


def published_before(home: Home, digest: str) -> dict[str, Any] | None:
    """The record of the run that published what readers see now, if it was computed from the same inputs.

    None also where the last run did not end well: whatever stopped it is to be looked at again.
    """
    last = next((record for record in runs(home) if record["status"] != "running"), None)
    if last is None or last["status"] != "done" or last.get("inputs") != digest:
        return None
    is_there = str(latest(home)) == last["publication"] and Path(last["report"]).exists()
    return last if is_there else None


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for folder, endings in CODE.items():
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and "target" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()
