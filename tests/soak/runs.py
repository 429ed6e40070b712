"""Runs in processes of their own, each forked from one that has imported all there is to import.

Importing Great Expectations and dbt takes a fifth of a small run, in which nothing is written: no kill is spent on it.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

from pipelines.run import STAGES, Run, new_run_id, run_stage
from pipelines.settings import Home, Settings

IMPORTED = ("dbt.adapters.duckdb", "dbt.cli.main", "great_expectations", "pandas", "pipelines.cli", __name__)

_forked = get_context("forkserver")
_forked.set_forkserver_preload([*IMPORTED])

Begun = list[tuple[str, float]]
"""The stages and gates of a run, each with the seconds from its start; as they began."""


def run(home: Home) -> float:
    """The verb ``run``, which has to end well; how many seconds it took."""
    start = time.monotonic()
    process = _forked.Process(target=_run, args=(home.root,))
    process.start()
    process.join()
    assert process.exitcode == 0, _said(home).read_text(encoding="utf-8")[-3000:]
    return time.monotonic() - start


def begun(home: Home) -> Begun:
    """The stages that the last run of a home came to."""
    told = re.findall(r"^ *([\d.]+)s  (.+)$", _said(home).read_text(encoding="utf-8"), re.MULTILINE)
    return [(name, float(seconds)) for seconds, name in told]


def kill(home: Home, run_id: str | None, stage: str, after: float) -> tuple[str, str] | None:
    """Let a run go on from a stage and kill it, with all its processes, after so many seconds.

    Args:
        home: of the run.
        run_id: of a run that was killed before, which goes on as it does when Airflow tries a task again; or none yet.
        stage: which begins, anew or for the first time.
        after: seconds.

    Returns:
        The run's id and the stage or gate that it was at; None if it had ended before.
    """
    run_id = run_id or new_run_id()
    _said(home).unlink(missing_ok=True)
    process = _forked.Process(target=_go_on, args=(home.root, run_id, stage))
    process.start()
    process.join(after)
    if process.exitcode is None:
        _kill_group(process.pid)
        process.join()
    if process.exitcode == 0:
        return None
    assert process.exitcode == -signal.SIGKILL, _said(home).read_text(encoding="utf-8")[-3000:]
    at = begun(home) if _said(home).exists() else []
    return run_id, at[-1][0] if at else stage


def _kill_group(pid: int | None) -> None:
    assert pid is not None
    with suppress(ProcessLookupError):  # it has not made a group of its own yet
        os.killpg(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _run(root: Path) -> None:
    from pipelines.cli import main

    _alone(Home(root))
    main(["--home", str(root), "run"])


def _go_on(root: Path, run_id: str, stage: str) -> None:
    home, start = Home(root), time.monotonic()
    _alone(home)
    run = Run(home, Settings(), run_id)
    names = [each.name for each in STAGES]

    def tell(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - start:6.2f}s  {text}\n")
        sys.stderr.flush()

    for name in names[names.index(stage) :]:
        run_stage(run, name, progress=tell)


def _alone(home: Home) -> None:
    """A group of processes of its own, which says what it does beside its home."""
    os.setsid()
    os.environ["SOCIAL_ROI_KEY_FILE"] = str(home.root.parent / "key")
    told = os.open(_said(home), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(told, 1)
    os.dup2(told, 2)
    os.close(told)


def _said(home: Home) -> Path:
    return home.root.with_name(f"{home.root.name}.said")
