"""What a night costs, beside what it might: ``make bench-night`` prints ratios of one run, medians of ``ROUNDS`` (3).

The company is that of ``make soak-nights`` (``SCALE``, 0.2): ten sources a night, late and corrected. Its home has
published two nights; each contender starts from a copy of it, and they take turns.

* the same third night through ``airflow dags test night``, less what Airflow takes for a DAG of that shape whose tasks
  do nothing, to ``social-roi run``;
* that run again, with nothing new;
* ``DAYS`` (30) nights at once, as a range, to one;
* the dbt steps of a build from nothing to one plain ``dbt build`` of the same models;
* Great Expectations on DuckDB to its own pandas engine on the same ``ROWS`` (1,000,000), which were read before the
  clock starts, with equal verdicts.

Beside each ratio of seconds stands that of processor seconds, which a busy machine disturbs less.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from pipelines.cli.night import WRITER_POOL, airflow_environment
from pipelines.publish import latest, table_hashes
from pipelines.settings import Home
from pipelines.warehouse import open_warehouse
from tests.soak.nights import lay, write_nights

ROOT = Path(__file__).parents[1]
END = date(2026, 9, 10)
VERB = "from pipelines.cli import main; main()"
RATIOS = {
    "night through Airflow, less its fixed cost, to the same through the CLI": ("airflow", "night", 1.3),
    "unchanged input to one night": ("unchanged", "night", 0.1),
    "a range of {days} days to one night": ("range", "night", 3.0),
    "dbt steps to plain `dbt build`": ("dbt", "plain dbt", 1.1),
    "GX on DuckDB to GX on pandas, equal verdicts": ("checks", "pandas", 1.0),
}

Taken = tuple[float, float]
"""Seconds, and processor seconds."""


@dataclass
class Bench:
    """Where the contenders run, and what each took, a figure a round."""

    root: Path
    nights: list[Path]
    taken: dict[str, list[Taken]] = field(default_factory=dict)

    @property
    def base(self) -> Home:
        return Home(self.root / "base")

    def copied(self, name: str, nights: list[Path]) -> Home:
        """A copy of the home, with the exports of these nights laid."""
        home = Home(self.root / name)
        shutil.rmtree(home.root, ignore_errors=True)
        shutil.copytree(self.base.root, home.root, symlinks=True)
        lay(nights, home.landing)
        return home

    def note(self, name: str, taken: Taken) -> None:
        self.taken.setdefault(name, []).append(taken)
        print(f"  {name:10} {taken[0]:7.1f} s, {taken[1]:6.1f} s of processor", flush=True)


def timed(command: list[str], environment: dict[str, str]) -> tuple[Taken, str]:
    """Run a program to its end: what it took, and what it printed.

    Raises:
        SystemExit: it failed; with the end of what it said.
    """
    begun, spent = time.perf_counter(), _spent()
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begun, _spent() - spent
    if done.returncode:
        raise SystemExit(f"{' '.join(command[-4:])}: {done.stderr[-3000:] or done.stdout[-3000:]}")
    return took, done.stdout


def _spent() -> float:
    """Processor seconds of all that ran below this process and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment_of(bench: Bench) -> dict[str, str]:
    return os.environ | {"SOCIAL_ROI_KEY_FILE": str(bench.root / "key"), "PYTHONPATH": str(ROOT)}


def run(bench: Bench, home: Home, *options: str) -> Taken:
    """``social-roi run`` in a process of its own."""
    command = [sys.executable, "-c", VERB, "--home", str(home.root), "run", *options]
    return timed(command, environment_of(bench))[0]


def contend(bench: Bench, what: str, home: Home, *arguments: str) -> tuple[Taken, dict[str, Any]]:
    """One of ``night_contenders`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.night_contenders", what, str(home.root), *arguments]
    took, said = timed(command, environment_of(bench))
    return took, json.loads(said.splitlines()[-1])


def prepare(bench: Bench) -> None:
    """Publish two nights, and make Airflow's database."""
    for night in bench.nights[:2]:
        lay([night], bench.base.landing)
        run(bench, bench.base)
    dags = bench.root / "dags"
    shutil.copytree(ROOT / "dags", dags, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "benchmarks" / "idle_dag.py", dags / "idle.py")
    make_airflow(bench)


def make_airflow(bench: Bench) -> None:
    """Airflow's database, with the pool of the writer."""
    for arguments in (["db", "migrate"], ["pools", "set", *WRITER_POOL]):
        timed([sys.executable, "-m", "airflow", *arguments], airflow_of(bench, bench.base))


def airflow_of(bench: Bench, home: Home) -> dict[str, str]:
    return environment_of(bench) | airflow_environment(home, dags=bench.root / "dags") | {"SOCIAL_ROI_WATCHED": "1"}


def nights_in_two_ways(bench: Bench) -> None:
    """The third night through the command line, the same again unchanged, through Airflow, and Airflow alone."""
    home = bench.copied("cli", bench.nights[2:3])
    bench.note("night", run(bench, home))
    bench.note("unchanged", run(bench, home))
    other = bench.copied("airflow", bench.nights[2:3])
    whole = dag(bench, other, "night")
    before, expected, found = said(bench.base), said(home), said(other)
    assert expected != before, "a night with news published the tables of the night before"
    assert found != before, "the night through Airflow published nothing new: a task of it failed"
    differing = sorted(name for name in expected if found.get(name) != expected[name])
    assert not differing, f"the two ways to a night publish other tables: {differing}"
    idle = dag(bench, other, "idle")
    bench.note("whole", whole)
    bench.note("idle", idle)
    bench.note("airflow", (whole[0] - idle[0], whole[1] - idle[1]))


def dag(bench: Bench, home: Home, name: str) -> Taken:
    """A DAG through ``airflow dags test``, which ends well where its last task does; so Airflow is asked for all.

    Raises:
        SystemExit: the run or a task of it did not end as a success.
    """
    command = [sys.executable, "-m", "airflow", "dags", "test", name, "2026-09-11"]
    took = timed(command, airflow_of(bench, home))[0]
    with closing(sqlite3.connect(home.root / "airflow" / "airflow.db")) as connection:
        states = connection.execute("select state from dag_run where dag_id = ?", [name]).fetchall()
        asked = "select task_id, map_index, state from task_instance where dag_id = ? and state is not 'success'"
        others = connection.execute(asked, [name]).fetchall()
    if states != [("success",)] or others:
        raise SystemExit(f"the DAG {name} ended as {states}: {others}")
    return took


def said(home: Home) -> dict[str, str]:
    path = latest(home)
    assert path is not None
    return table_hashes(path)


def a_range(bench: Bench) -> None:
    """All the other nights at once."""
    home = bench.copied("range", bench.nights[2:])
    first = END - timedelta(days=len(bench.nights) - 3)
    bench.note("range", run(bench, home, "--from", str(first), "--to", str(END)))
    assert said(home) != said(bench.base)


def dbt_in_two_ways(bench: Bench) -> None:
    for name in ("dbt", "plain dbt"):
        home = bench.copied("dbt", [])
        with open_warehouse(home) as connection:
            connection.execute("drop schema built cascade")
        bench.note(name, contend(bench, name, home)[0])


def checks_in_two_ways(bench: Bench) -> None:
    rows = os.environ.get("ROWS", "1000000")
    home = Home(bench.root / "checks")
    home.root.mkdir(exist_ok=True)
    found = {name: contend(bench, name, home, rows)[1] for name in ("checks", "pandas")}
    assert found["checks"]["verdicts"] == found["pandas"]["verdicts"], found
    assert len({*found["checks"]["verdicts"].values()}) == 2, found
    for name, told in found.items():
        bench.note(name, (told["seconds"], told["processor"]))


PARTS: dict[str, Callable[[Bench], None]] = {
    "airflow": nights_in_two_ways, "range": a_range, "dbt": dbt_in_two_ways, "checks": checks_in_two_ways,
}  # fmt: skip


def report(bench: Bench, days: int) -> list[str]:
    """Print the ratios; those that are missed."""
    middle = {name: [*map(median, zip(*taken, strict=True))] for name, taken in bench.taken.items()}
    missed = []
    for name, (ours, theirs, wanted) in RATIOS.items():
        if ours in middle and theirs in middle:
            ratio, processor = (a / b for a, b in zip(middle[ours], middle[theirs], strict=True))
            missed += [name] if ratio > wanted else []
            print(f"{name.format(days=days):72} {middle[ours][0]:6.1f} s / {middle[theirs][0]:5.1f} s = {ratio:4.2f}"
                  f" (processor {processor:4.2f}), wanted {wanted:g}{'  MISSED' * (ratio > wanted)}")  # fmt: skip
    if "idle" in middle:
        print(f"Airflow's fixed cost, for a night of tasks that do nothing: {middle['idle'][0]:.1f} s")
    return missed


def main() -> int:
    given = os.environ.get
    days, rounds = int(given("DAYS", "30")), int(given("ROUNDS", "3"))
    parts = (given("PARTS") or " ".join(PARTS)).split()
    with tempfile.TemporaryDirectory(prefix="social-roi-bench-") as name:
        bench = contest(Path(name), parts, days=days, rounds=rounds, scale=float(given("SCALE", "0.2")))
        missed = report(bench, days)
    return 1 if missed else 0


def contest(root: Path, parts: Sequence[str], *, days: int, rounds: int, scale: float) -> Bench:
    """Let the contenders of these parts take turns."""
    bench = Bench(root, write_nights(root / "exports", nights=days + 2, seed=1, scale=scale, end=END))
    if {*parts} != {"checks"}:
        prepare(bench)
    for number in range(rounds):
        print(f"round {number + 1}", flush=True)
        for part in parts:
            PARTS[part](bench)
    return bench


if __name__ == "__main__":
    sys.exit(main())
