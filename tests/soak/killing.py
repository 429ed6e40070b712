"""Kill a run at a random moment, look at what readers see, and let one undisturbed run follow.

The company has two states: exports that were published, and more that came since. A run from one to the other is
killed, goes on with the stage that it died in, as Airflow lets it, is killed again, and so on. What readers open after
each kill must be the whole earlier publication or the whole new one; the run that follows the last kill begins at the
beginning and must end in the very tables that a run that nobody killed ends in.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.publish import latest, table_hashes
from pipelines.run import STAGES
from pipelines.settings import Home
from pipelines.simulate import write_company
from tests.soak import runs

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
        begun: the stages and gates of that run, each with the seconds from its start.
        seconds: how long it took.
    """

    home: Home
    before: Hashes
    after: Hashes
    begun: runs.Begun
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
    runs.run(home)
    before = seen(home)
    _lay(home, later, folder / "exports")
    quiet = copy(home, folder / "quiet")
    took = runs.run(quiet)
    after = seen(quiet)
    assert after != before
    return World(home, before, after, runs.begun(quiet), took)


def kill_again_and_again(world: World, folder: Path, *, kills: int, seed: int, rerun_every: int) -> Iterator[Killed]:
    """Kill so many times, each at a moment drawn from ``seed``.

    Args:
        world: what each chain of attempts starts from.
        folder: for the copies; each is removed when it has been looked at.
        kills: how many.
        seed: of the moments, which are spread evenly over an undisturbed run.
        rerun_every: how often a run is killed in one home before an undisturbed one follows.
    """
    draw = random.Random(seed)
    done = chain = 0
    while done < kills:
        home = copy(world.home, folder / f"home{chain}")
        moments = sorted(draw.uniform(0, world.seconds) for _ in range(min(rerun_every, kills - done)))
        found = _kill_one_run(home, world, moments)
        runs.run(home)
        if found and seen(home) != world.after:
            found[-1] = replace(found[-1], fault=f"the run that follows differs in {_differ(home, world)}")
        yield from found
        done, chain = done + len(found), chain + 1
        shutil.rmtree(home.root)


def _kill_one_run(home: Home, world: World, moments: list[float]) -> list[Killed]:
    """Kill a run at each moment, on the clock of an undisturbed one; fewer kills if it ends before."""
    starts = {name: at for name, at in world.begun if name in {stage.name for stage in STAGES}}
    found: list[Killed] = []
    run_id, stage = None, next(iter(starts))
    for moment in moments:
        killed = runs.kill(home, run_id, stage, max(0.0, moment - starts[stage]))
        if killed is None:
            break
        run_id, at = killed
        saw, fault = look(home, world)
        found.append(Killed(moment, at, saw, fault))
        if at in starts:
            stage = at
    return found


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
