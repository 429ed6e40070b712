"""``make soak-week``: a stack from nothing, and a week of it by Airflow's public API alone.

A company's exports of seven nights lie in the landing folder of an empty home, each night's with its own time. The
stack comes up as by ``make up``; then, over HTTP: unpause, ``backfill create`` of the week for one network and for
``attribution``, a triggered ``night``. Every run has to be green, no two tasks may have written at the same time by
their records, and the stack goes down without a process left. ``--network x --keep DIR``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.settings import Home
from scripts.stack.deployment import Deployment, free_port
from scripts.stack.supervision import members
from tests.soak.nights import lay, write_nights
from tests.stack.api import overlaps, writers
from tests.stack.use import signed_in, stack

NIGHTS = 7
END = date(2026, 9, 10)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", default="x")
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="social-roi-week-") as name:
        home = given.keep or Path(name) / "home"
        land(Path(name), home, scale=given.scale)
        variables = {
            "AIRFLOW_PORT": str(free_port()),
            "SOCIAL_ROI_KEY_FILE": str(Path(name) / "key"),
            "SOCIAL_ROI_NIGHT": "0 2 29 2 *",  # none but the one that is triggered
        }
        begun = time.monotonic()
        up = stack(home, "up", **variables)
        try:
            if up.returncode:
                print(up.stderr, file=sys.stderr)
                return 1
            print(f"up after {time.monotonic() - begun:.0f} s")
            faults = use(home, variables["AIRFLOW_PORT"], f"ingest__{given.network}")
        finally:
            down = stack(home, "down", **variables)
        left = members(Deployment(home))
        faults += [f"`down` returned {down.returncode}"] * bool(down.returncode)
        faults += [f"process {each.pid} is left: {' '.join(each.cmdline())}" for each in left]
    print(f"processes left: {len(left)}")
    print(f"faults: {len(faults)}", *faults, sep="\n")
    return 1 if faults else 0


def land(root: Path, home: Path, *, scale: float) -> None:
    """Seven nights of exports, each file as old as its night."""
    for number, folder in enumerate(write_nights(root / "exports", nights=NIGHTS, seed=1, scale=scale, end=END)):
        morning = datetime(END.year, END.month, END.day, 6, tzinfo=UTC) + timedelta(days=number + 2 - NIGHTS)
        for path in (each for each in folder.rglob("*") if each.is_file()):
            os.utime(path, (morning.timestamp(), morning.timestamp()))
        lay([folder], Home(home).landing)


def use(home: Path, port: str, ingest: str) -> list[str]:
    """What is done by the API; what went wrong."""
    airflow = signed_in(home, port=port, wanted={"night", "attribution", ingest})
    first, last = END + timedelta(days=2 - NIGHTS), END + timedelta(days=1)
    faults: list[str] = []
    for dag in (ingest, "attribution", "night"):
        airflow.unpause(dag)
    for dag in (ingest, "attribution"):
        airflow.backfill(dag, f"{first}T00:00:00Z", f"{last}T23:00:00Z")
    airflow.trigger("night")
    for dag, kind, count in ((ingest, "backfill", NIGHTS), ("attribution", "backfill", NIGHTS), ("night", "manual", 1)):
        begun = time.monotonic()
        states = Counter(run["state"] for run in airflow.await_runs(dag, kind, count, seconds=1800))
        print(f"{dag}: {dict(states)} ({kind}), waited {time.monotonic() - begun:.0f} s", flush=True)
        faults += [f"{dag}: {dict(states)}"] * (states != Counter({"success": count}))
    wrote = writers(airflow, ingest, "attribution", "night")
    together = overlaps(wrote)
    print(f"tasks that wrote: {len(wrote)}, at the same time: {len(together)}")
    faults += [f"{a} and {b} wrote at the same time" for a, b in together]
    return faults + published(Home(home))


def published(home: Home) -> list[str]:
    """Whether what was published knows every file that landed."""
    with duckdb.connect(str(home.published / "roi.duckdb"), read_only=True) as connection:
        files = connection.execute("select status, count(*) from published.meta_loads group by 1 order by 1").fetchall()
        through = connection.execute("select max(data_through) from published.meta_publication").fetchone()
    print(f"published: files {dict(files)}, data through {through and through[0]}")
    landed = sum(1 for path in home.landing.rglob("*") if path.is_file())
    known = sum(count for _, count in files)
    return [] if known >= landed else [f"{landed} files landed, {known} are known"]


if __name__ == "__main__":
    sys.exit(main())
