"""Kill what a scheduled night stands on: the task, its worker, the scheduler, Postgres; and stop Postgres for a while.

The stack of ``make up`` runs on a home that has published and has more to take in. Its night is triggered through the
public API, and something of it is killed at random moments, several times a night. What readers open then must be a
whole publication, the earlier or the new one; the night has to end by itself, with its own retries and at most one run
more, in the tables that an undisturbed run ends in. The night is the DAG ``backfill`` without dates: its stages are the
night's, and its landing is one task in place of one for each source.

`make test` has no short version: tasks of a dead scheduler begin anew after a minute at the earliest, and a night in a
stack that has to come up first takes some more. There, tests/stack kills Postgres and the scheduler between runs, and
tests/soak/test_soak.py kills the stages of a night in a process of their own.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import httpx
import psutil

from pipelines.settings import Home
from scripts.stack.deployment import Deployment, free_port
from scripts.stack.supervision import connect, members
from tests.soak.killing import Killed, World, look
from tests.stack.api import ENDED, Airflow

DAG = "backfill"
AWAY, AWAY_SECONDS = "postgres for a minute", 60
TASKS = ("ingest", "load", "transform", "attribute", "incrementality", "publish")
EACH_NIGHT = 4
TARGETS = ("task", "worker", "scheduler", "postgres", AWAY)
DATA = ("landing", "lake", "published", "state", "warehouse.duckdb", "warehouse.duckdb.wal")
"""What of a home a night changes."""
PATIENCE = 1800
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Stack:
    """A running stack: its home, and the API as a user's script speaks to it."""

    home: Home
    airflow: Airflow

    @property
    def deployment(self) -> Deployment:
        return Deployment(self.home.root)


@contextmanager
def running(world: World, root: Path) -> Iterator[Stack]:
    """The stack on a copy of the world's home; down again afterwards, with no process left."""
    home = Home(root / "stacked")
    shutil.copytree(world.home.root, home.root, symlinks=True)
    told = {
        "AIRFLOW_PORT": str(free_port()),
        "SOCIAL_ROI_KEY_FILE": str(world.home.root.parent / "key"),
        "SOCIAL_ROI_NIGHT": "0 2 29 2 *",  # no night comes in between
    }
    try:
        _stack(home, "up", told)
        yield Stack(home, _signed_in(home, told["AIRFLOW_PORT"]))
    finally:
        _stack(home, "down", told)
        assert members(Deployment(home.root)) == []


def _stack(home: Home, verb: str, told: dict[str, str]) -> None:
    command = [sys.executable, "-m", "scripts.stack", "--home", str(home.root), verb]
    done = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _signed_in(home: Home, port: str) -> Airflow:
    lines = Deployment(home.root).environment_file.read_text(encoding="utf-8").splitlines()
    password = next(line.split("=", 1)[1] for line in lines if line.startswith("AIRFLOW_ADMIN_PASSWORD="))
    airflow = Airflow(f"http://127.0.0.1:{port}", user="admin", password=password)
    until = time.monotonic() + 120
    while DAG not in airflow.dags():
        assert time.monotonic() < until, "the DAGs do not appear"
        time.sleep(1)
    return airflow


def kill_services(stack: Stack, world: World, *, kills: int, seed: int) -> Iterator[Killed]:
    """Kill so often, up to ``EACH_NIGHT`` times a night and once a task, as drawn from ``seed``; targets take turns."""
    draw = random.Random(seed)
    for first in range(0, kills, EACH_NIGHT):
        reset(stack, world)
        targets = [TARGETS[number % len(TARGETS)] for number in range(first, min(first + EACH_NIGHT, kills))]
        yield from disturb(stack, world, targets, draw)


def reset(stack: Stack, world: World) -> None:
    """Put the data of the home back to where the night begins; the stack goes on."""
    for name in DATA:
        kept, place = world.home.root / name, stack.home.root / name
        if place.is_dir():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        if kept.is_dir():
            shutil.copytree(kept, place, symlinks=True)
        elif kept.exists():
            shutil.copyfile(kept, place)


def disturb(stack: Stack, world: World, targets: Sequence[str], draw: random.Random) -> list[Killed]:
    """One night, disturbed: what was killed during which task, what readers saw then, and what is wrong with it.

    What is wrong when all has ended is told with the last kill.
    """
    run = trigger(stack)
    begun = time.monotonic()
    found = []
    for number, target in zip(sorted(draw.sample(range(len(TASKS)), len(targets))), targets, strict=True):
        await_task(stack, run, TASKS[number])
        time.sleep(draw.uniform(0, world.seconds / 6))
        at, stage = time.monotonic() - begun, f"{target} during {running_task(stack, run)}"
        if target == AWAY:
            stop_postgres(stack, AWAY_SECONDS)
        else:
            kill(stack, target)
        found.append(Killed(at, stage, *look(stack.home, world)))
    found[-1] = replace(found[-1], fault=found[-1].fault or _ending(stack, world, run))
    return found


def _ending(stack: Stack, world: World, run: str) -> str | None:
    """Let the night end, and one more follow where its own retries were not enough; what is wrong then."""
    if await_end(stack, run) != "success":
        again = await_end(stack, trigger(stack))
        if again != "success":
            return f"the run that follows ends as {again}"
    saw, fault = look(stack.home, world)
    return fault or (None if saw == "the new" else f"readers see {saw} publication when all has ended")


def trigger(stack: Stack) -> str:
    return _patient(lambda: stack.airflow.trigger(DAG))


def await_task(stack: Stack, run: str, task: str) -> None:
    """Wait until a task of a run runs or has run."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if any(each["task_id"] == task and each["start_date"] for each in _tasks(stack, run)):
            return
        time.sleep(0.3)
    raise AssertionError(f"{task} does not begin")


def running_task(stack: Stack, run: str) -> str:
    """The tasks of a run that run now; a night has hardly ever more than one kind at a time."""
    return next((each["task_id"] for each in _tasks(stack, run) if each["state"] == "running"), "nothing")


def _tasks(stack: Stack, run: str) -> list[dict[str, str]]:
    return _patient(lambda: stack.airflow.get(f"/dags/{DAG}/dagRuns/{run}/taskInstances", limit=200)["task_instances"])


def await_end(stack: Stack, run: str) -> str:
    """Wait until a run has ended; how it did."""
    until = time.monotonic() + PATIENCE
    state = "unknown"
    while time.monotonic() < until:
        state = _patient(lambda: stack.airflow.get(f"/dags/{DAG}/dagRuns/{run}")["state"])
        if state in ENDED:
            return state
        time.sleep(1)
    return f"{state}, after {PATIENCE} s"


def kill(stack: Stack, target: str) -> None:
    """SIGKILL to one process, as the kernel's out-of-memory killer does it; the next such if none is there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for process in members(stack.deployment):
            with suppress(psutil.NoSuchProcess):
                if is_target(process, target):
                    process.send_signal(signal.SIGKILL)
                    return
        time.sleep(0.1)
    raise AssertionError(f"there is no {target}")


def stop_postgres(stack: Stack, seconds: float) -> None:
    """Stop Postgres as an administrator does, and start it again after so many seconds."""
    rpc = connect(stack.deployment)
    assert rpc is not None
    rpc.stopProcess("postgres")
    time.sleep(seconds)
    rpc.startProcess("postgres")


def is_target(process: psutil.Process, target: str) -> bool:
    """A task's own process is a child of the executor's worker, whose title names the task that it watches."""
    title = " ".join(process.cmdline())
    worker = title.startswith("airflow worker -- LocalExecutor")
    return {
        "task": title.startswith("airflow worker -- ") and not worker,
        "worker": worker and "<idle>" not in title,
        "scheduler": "airflow scheduler" in title,
        "postgres": "postgres -D" in title,
    }[target]


def _patient(ask: Callable[[], Answer]) -> Answer:
    """Ask the API server, which may answer with an error for as long as Postgres is away."""
    until = time.monotonic() + 120
    while True:
        try:
            return ask()
        except (AssertionError, httpx.HTTPError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
