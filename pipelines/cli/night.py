"""Run the ``night`` DAG for real: Airflow in a process of its own, with SQLite in the home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines import run as pipeline
from pipelines.errors import CheckStopError, SocialRoiError, UsageError
from pipelines.settings import Home
from pipelines.spec import load_specs

ROOT = Path(__file__).resolve().parents[2]
WRITER_POOL = ("warehouse_writer", "1", "one task at a time writes to the warehouse")
STARTING = re.compile(r"\[DAG TEST\] starting task_id=(\S+) map_index=(-?\d+)")


def run_night(home: Home, *, progress: Callable[[str], None]) -> dict[str, Any]:
    """Run the whole night through ``airflow dags test``; the record of the run.

    Raises:
        UsageError: Airflow or the DAGs are not there.
        CheckStopError: a check stopped it.
        SocialRoiError: the night failed; says what the failed stage said, and where the log is.
    """
    dags = ROOT / "dags"
    if not dags.is_dir():
        raise UsageError("there are no DAGs here", where=str(dags), remedy="--airflow works in a checkout")
    environment = airflow_environment(home, dags=dags)
    now = datetime.now(UTC)
    log = home.state / "logs" / f"night-{now:%Y%m%dT%H%M%SZ}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    known = {record["run_id"] for record in pipeline.last_runs(home, most=1)}
    _prepare(home, environment, log, progress)
    progress(f"airflow dags test night, log in {log}")
    watched = environment | {"SOCIAL_ROI_WATCHED": "1"}  # so nobody is told that it is late
    status = _airflow(["dags", "test", "night", f"{now:%Y-%m-%d}"], watched, log, progress)
    record = next((found for found in pipeline.last_runs(home, most=1) if found["run_id"] not in known), None)
    if status or record is None or record["status"] != "done":
        error = (record or {}).get("error") or {}
        kind = CheckStopError if (record or {}).get("status") == "stopped" else SocialRoiError
        raise kind(error.get("what") or "the night did not end", where=error.get("where"), remedy=_remedy(error, log))
    return record


def airflow_environment(home: Home, *, dags: Path) -> dict[str, str]:
    """The environment of an Airflow that belongs to this home alone; other Airflow settings are left out."""
    folder = home.root / "airflow"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    return kept | {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "SOCIAL_ROI_HOME": str(home.root),
    }


def _prepare(home: Home, environment: dict[str, str], log: Path, progress: Callable[[str], None]) -> None:
    """Create the metadata database and the writer's pool, once for each Airflow version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        wanted = version("apache-airflow")
    except PackageNotFoundError as error:
        raise UsageError("Airflow is not installed", remedy="Run `make setup`, or leave --airflow out") from error
    marker = home.root / "airflow" / "prepared"
    if marker.exists() and marker.read_text(encoding="utf-8") == wanted:
        return
    progress("airflow db migrate (first use)")
    marker.parent.mkdir(parents=True, exist_ok=True)
    for arguments in (["db", "migrate"], ["pools", "set", *WRITER_POOL]):
        if _airflow(arguments, environment, log, progress):
            raise SocialRoiError(f"airflow {' '.join(arguments[:2])} failed", remedy=f"The log is {log}")
    marker.write_text(wanted, encoding="utf-8")


def _airflow(arguments: list[str], environment: dict[str, str], log: Path, progress: Callable[[str], None]) -> int:
    """Run one Airflow command; its output goes to the log, the start of each task to ``progress``."""
    with (
        log.open("a", encoding="utf-8") as book,
        subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "airflow", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            book.write(line)
            if started := STARTING.search(line):
                progress(_task_name(*started.groups()))
    return process.returncode


def _task_name(task: str, index: str) -> str:
    """As the night maps ``ingest`` over the sources and, last, the files in no source's folder."""
    return task if index == "-1" else f"{task} {[*load_specs(), '(no folder)'][int(index)]}"


def _remedy(error: dict[str, Any], log: Path) -> str:
    return ". ".join(filter(None, [error.get("remedy"), f"The log is {log}"]))
