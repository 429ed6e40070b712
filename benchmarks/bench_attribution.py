"""How fast conversions are attributed, beside ChannelAttribution and marketing_attribution_models.

``make bench-attribution`` prints ratios of one run, median of ``ROUNDS`` (5) with peak memory, on ``JOURNEYS``
(1,000,000). Each part is a function in ``PARTS``; the variable of that name picks some (``PARTS="chains"``). A
contender is a function in ``attribution_contenders.py`` that runs in a process and an environment of its own, and
contenders take turns, so that a busy machine is busy for all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import attribution_rules

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
PROGRAMS = {
    "ours": sys.executable,
    "ca": str(ROOT / ".venv-bench-ca" / "bin" / "python"),
    "mam": str(ROOT / ".venv-bench-mam" / "bin" / "python"),
}
SEED = 20260901
CHANNELS = (
    "organic_search", "direct", "facebook_paid", "google_paid", "instagram", "email", "referral", "tiktok_paid",
    "linkedin", "display", "affiliate", "youtube",
)  # fmt: skip

Found = dict[str, Any]


def write_journeys(path: Path, journeys: int) -> None:
    """Journeys of the public kind, one row each: a path of channels, as a list and as ``a > b``, converted or not.

    The next channel depends on the last one and repeats it one time in four; a journey goes on two times in three.
    """
    import duckdb
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(SEED)
    size = len(CHANNELS)
    follows = chance.dirichlet(np.full(size, 0.6), size) * 0.75 + np.eye(size) * 0.25
    thresholds = follows.cumsum(axis=1)
    lengths = np.minimum(chance.geometric(1 / 3, journeys), 60)
    steps = [np.minimum(chance.zipf(1.4, journeys) - 1, size - 1)]
    for _ in range(lengths.max() - 1):
        drawn = chance.random(journeys)[:, None]
        steps.append(np.minimum((drawn > thresholds[steps[-1]]).sum(axis=1), size - 1))
    offsets = np.concatenate([[0], lengths.cumsum()]).astype(np.int32)
    flat = np.column_stack(steps)[np.arange(lengths.max()) < lengths[:, None]]
    names = pa.array(CHANNELS).take(pa.array(flat))
    converted = (chance.random(journeys) < 0.05 + 0.03 * np.minimum(lengths, 8)).astype(np.int64)
    rows = pa.table({  # noqa: F841 - DuckDB finds it by its name
        "path": pa.ListArray.from_arrays(pa.array(offsets), names),
        "conversions": converted,
        "nulls": 1 - converted,
        "revenue": np.where(converted == 1, np.round(chance.lognormal(4, 1, journeys), 2), 0.0),
    })  # fmt: skip
    duckdb.execute(f"copy (select *, array_to_string(path, ' > ') as path_text from rows) to '{path}' (format parquet)")


def measure(program: str, name: str, *arguments: str) -> Found:
    """One run of one contender: seconds, cpu, megabytes and whatever else it tells."""
    command = [PROGRAMS[program], str(ROOT / "benchmarks" / "attribution_contenders.py"), name, *arguments]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:] or done.stdout[-2000:]}")
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(contenders: dict[str, str], rounds: int, *arguments: str) -> dict[str, Found]:
    """Let contenders (name to program) take turns: the median of each one's seconds, cpu and megabytes."""
    runs: dict[str, list[Found]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, program in contenders.items():
            runs[name].append(measure(program, name, *arguments))
    return {
        name: {**found[-1], **{key: median(run[key] for run in found) for key in ("seconds", "cpu", "megabytes")}}
        for name, found in runs.items()
    }


def show(middle: dict[str, Found], ours: str, wanted: dict[str, float]) -> None:
    """Print seconds and memory of each, and how many times faster ours is."""
    print(f"{'':34}{'seconds':>9}{'cpu s':>8}{'MB':>8}{'our speed is':>15}{'wanted':>9}")
    for name, found in middle.items():
        speed = found["seconds"] / middle[ours]["seconds"]
        target = f"{wanted[name]:g} x" if name in wanted else ""
        print(f"{name:34}{found['seconds']:9.2f}{found['cpu']:8.2f}{found['megabytes']:8.0f}{speed:13.2f} x{target:>9}")


def chains(_: Path, journeys: Path, rounds: int) -> None:
    """Exact Markov beside ChannelAttribution's simulation and marketing_attribution_models' closed form."""
    middle = compare(
        {"our exact markov": "ours", "ChannelAttribution markov_model": "ca", "mam run_markov": "mam"},
        rounds,
        str(journeys),
    )
    show(middle, "our exact markov", {"ChannelAttribution markov_model": 5.0})
    exact = middle["our exact markov"]["credit"]
    for name, found in list(middle.items())[1:]:
        away = max(abs(found["credit"].get(channel, 0.0) / value - 1) for channel, value in exact.items())
        print(f"{name}: a channel's credit is up to {100 * away:.2f} % away from the exact one")


def rules(folder: Path, journeys: Path, rounds: int) -> None:
    """Rule models beside ChannelAttribution's three heuristics and marketing_attribution_models' four.

    Like with like are totals by channel out of ready paths: ours are five models, of conversions and of revenue, exact.
    The other line is more than theirs: touches are joined to conversions by person and time, and under all eight rule
    models every touch of every conversion has its row written.
    """
    os.environ["BENCH_WAREHOUSE"] = str(attribution_rules.empty_warehouse(folder))
    middle = compare(
        {
            "our rule models, totals": "ours",
            "our rule models, every row": "ours",
            "ChannelAttribution heuristics": "ca",
            "mam heuristics": "mam",
        },
        rounds,
        str(journeys),
    )
    wanted = {"ChannelAttribution heuristics": 3.0, "mam heuristics": 100.0}
    show(middle, "our rule models, totals", wanted)
    print()
    show(middle, "our rule models, every row", wanted)


def touches(folder: Path, _: Path, rounds: int) -> None:
    """All rule models written, beside the bare interval join counted on the same tables; and how both grow.

    Written is a row for each touch with every model's part (``mart_credits``); the last columns are of listing the
    models below each other with what is known of the touch (``mart_attributed``), the one long table, from it.
    """
    warehouse = folder / "home" / "warehouse.duckdb"
    if not warehouse.exists():
        attribution_rules.empty_warehouse(folder)
    sizes = [int(size) for size in os.environ.get("TOUCHES", "1000000 10000000 20000000 50000000").split()]
    print("seconds of the clock and of the processor; times are ratios of processor time")
    columns = (
        "touches",
        "joined",
        "join s",
        "cpu",
        "models s",
        "cpu",
        "times",
        "us each",
        "MB",
        "listed",
        "cpu",
        "times",
    )
    print("".join(f"{name:>{width}}" for name, width in zip(columns, WIDTHS, strict=True)))
    for size in sizes:
        script = str(ROOT / "benchmarks" / "attribution_rules.py")
        command = [sys.executable, script, str(warehouse), str(size), str(rounds)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        cells = (
            f"{size:,}", f"{found['joined']:,}", f"{found['join']:.2f}", f"{found['join_cpu']:.2f}",
            f"{found['models']:.2f}", f"{found['models_cpu']:.2f}", f"{found['models_cpu'] / found['join_cpu']:.1f} x",
            f"{found['models_cpu'] / size * 1e6:.3f}", f"{found['megabytes']:.0f}", f"{found['listed']:,}",
            f"{found['listed_cpu']:.2f}", f"{(found['models_cpu'] + found['listed_cpu']) / found['join_cpu']:.1f} x",
        )  # fmt: skip
        print("".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)), flush=True)
    print("wanted: at most 15 x at 20,000,000; microseconds for each touch grow by at most 1.2 from 1M to 10M to 50M")


WIDTHS = (12, 12, 8, 8, 10, 8, 8, 9, 8, 13, 8, 8)


def increment(folder: Path, _: Path, rounds: int) -> None:
    """A night that adds one day to three years, beside a build from nothing; of the whole transform step, and of its
    part that is attribution (touches and journeys are matched before it). Both are medians of so many rounds; the first
    night after a build from nothing, which dbt has to compile, stands beside them."""
    for size in os.environ.get("HISTORY", "1000000").split():
        script = str(ROOT / "benchmarks" / "attribution_increment.py")
        command = [sys.executable, script, str(folder), size, str(rounds)]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        found = json.loads(done.stdout.splitlines()[-1])
        print(f"{int(size):,} touches, {int(size) // 20:,} orders; processor seconds")
        for step in (*found["first"], "all"):
            first = _of_step(found["first"], step)
            now, then = (median(_of_step(each, step) for each in found[kind]) for kind in ("nights", "rebuilds"))
            print(
                f"{step:>12}: night {now:8.2f}   from nothing {then:8.2f}   {100 * now / then:6.1f} %"
                f"   (first night {first:8.2f})"
            )
        print(f"all {found['tables']} published tables have the same hash: {found['equal']}; wanted: at most 5 %")


def _of_step(times: dict[str, float], step: str) -> float:
    return sum(times.values()) if step == "all" else times[step]


PARTS: dict[str, Callable[[Path, Path, int], None]] = {
    "chains": chains, "rules": rules, "touches": touches, "increment": increment,
}  # fmt: skip
"""What is compared. Each is given a folder for its files, the Parquet file of journeys and the number of rounds."""


def main() -> None:
    count, rounds = int(os.environ.get("JOURNEYS", 1_000_000)), int(os.environ.get("ROUNDS", 5))
    wanted = os.environ.get("PARTS", "").split() or list(PARTS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_journeys(folder / "journeys.parquet", count)
        for part in wanted:
            print(f"\n{part}: {count:,} journeys, median of {rounds}\n")
            PARTS[part](folder, folder / "journeys.parquet", rounds)


if __name__ == "__main__":
    main()
