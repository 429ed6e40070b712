"""Kill a run at a random moment, look at what readers see, and let one undisturbed run follow.

The company has two states: exports that were published, and more that came since. A run from one to the other is
killed. What readers open afterwards must be the whole earlier publication or the whole new one; the run that follows
must end in the very tables that a run that nobody killed ends in.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.publish import latest, table_hashes
from pipelines.settings import Home
from pipelines.simulate import write_company

Hashes = dict[str, str]

LATER = ("shopify", "x", "touchpoints.csv", "orders.csv")
"""What comes after the first publication: names of folders or files in the landing folder."""


@dataclass(frozen=True)
class World:
    """A home that has published and has more to take in.

    Attributes:
        home: never run again itself; every attempt starts from a copy.
        before: the tables that readers see there.
        after: the tables that an undisturbed run ends in.
        seconds: how long that run took.
    """

    home: Home
    before: Hashes
    after: Hashes
    seconds: float


@dataclass(frozen=True)
class Killed:
    """One attempt: when it was killed, what the run was at, and which publication readers saw then."""

    at_seconds: float
    stage: str
    readers_saw: str
    fault: str | None


def make_world(folder: Path) -> World:
    """A small company, published once, with the rest of its exports in the landing folder."""
    home = Home(folder / "world")
    write_company(folder / "exports", seed=7, days=14, scale=0.2, end=date(2026, 8, 31))
    everything = sorted(path for path in (folder / "exports").rglob("*") if path.is_file())
    later = [path for path in everything if {*path.relative_to(folder / "exports").parts} & {*LATER}]
    assert later
    assert len(later) < len(everything)
    _lay(home, [path for path in everything if path not in later], folder / "exports")
    _run(home)
    before = seen(home)
    _lay(home, later, folder / "exports")
    quiet = copy(home, folder / "quiet")
    begun = time.monotonic()
    _run(quiet)
    took = time.monotonic() - begun
    after = seen(quiet)
    assert after != before
    return World(home, before, after, took)


def kill_again_and_again(
    world: World, folder: Path, *, kills: int, seed: int, rerun_every: int = 1
) -> Iterator[Killed]:
    """Kill so many runs, each at a moment drawn from ``seed``.

    Args:
        world: what each chain of attempts starts from.
        folder: for the copies; each is removed when it has been looked at.
        kills: how many.
        seed: of the moments.
        rerun_every: how many runs are killed in one home before an undisturbed one follows.
    """
    moments = random.Random(seed)
    for chain in range(0, kills, rerun_every):
        home = copy(world.home, folder / f"home{chain}")
        for number in range(min(rerun_every, kills - chain)):
            at = moments.uniform(0.3, world.seconds)
            stage = _kill(home, at)
            saw, fault = look(home, world)
            is_last = number == min(rerun_every, kills - chain) - 1
            if is_last and fault is None:
                _run(home)
                fault = None if seen(home) == world.after else f"the run that follows differs in {_differ(home, world)}"
            yield Killed(at, stage, saw, fault)
        shutil.rmtree(home.root)


def summary(found: list[Killed]) -> str:
    """How many were killed in which stage and what readers saw."""
    stages = Counter(each.stage for each in found)
    saw = Counter(each.readers_saw for each in found)
    faults = [f"killed after {each.at_seconds:.2f} s in {each.stage}: {each.fault}" for each in found if each.fault]
    lines = [
        f"{len(found)} kills: " + ", ".join(f"{count} in {stage}" for stage, count in sorted(stages.items())),
        "readers saw: " + ", ".join(f"{count} x {what}" for what, count in sorted(saw.items())),
        f"faults: {len(faults)}",
    ]
    return "\n".join([*lines, *faults])


def seen(home: Home) -> Hashes:
    """The tables that readers open now."""
    path = latest(home)
    assert path is not None, "nothing is published"
    return table_hashes(path)


def copy(home: Home, to: Path) -> Home:
    shutil.copytree(home.root, to, symlinks=True)
    return Home(to)


def _lay(home: Home, files: list[Path], top: Path) -> None:
    for path in files:
        target = home.landing / path.relative_to(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _command(home: Home) -> list[str]:
    return [sys.executable, "-c", "from pipelines.cli import main; main()", "--home", str(home.root), "run"]


def _environment(home: Home) -> dict[str, str]:
    return os.environ | {"SOCIAL_ROI_KEY_FILE": str(home.root.parent / "key")}


def _run(home: Home) -> None:
    done = subprocess.run(_command(home), env=_environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def _kill(home: Home, at: float) -> str:
    """Start a run, kill it and all its processes after so many seconds; the stage that it was at."""
    process = subprocess.Popen(
        _command(home), env=_environment(home), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        process.wait(timeout=at)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    said = [line.split("s  ", 1)[-1].strip() for line in (process.communicate()[1] or "").splitlines()]
    if process.returncode == 0:
        return "nothing: it had ended"
    return said[-1].split(",")[0] if said else "start"


def look(home: Home, world: World) -> tuple[str, str | None]:
    """Which publication readers see, and what is wrong with it."""
    try:
        found = seen(home)
        _parquet(home)
    except (duckdb.Error, AssertionError, OSError) as error:
        return "neither", f"the publication does not open: {error}"
    if found == world.before:
        return "the earlier", None
    if found == world.after:
        return "the new", None
    return "neither", f"the publication is neither the earlier nor the new one, in {_differ(home, world)}"


def _parquet(home: Home) -> None:
    for folder in sorted((home.published / "parquet").iterdir()):
        duckdb.execute(f"select count(*) from read_parquet('{folder}/*.parquet')").fetchall()


def _differ(home: Home, world: World) -> list[str]:
    found = seen(home)
    return sorted(name for name in {*found, *world.after} if found.get(name) != world.after.get(name))
