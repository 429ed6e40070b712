"""How fast a large export is read, beside DuckDB's own typed read and dlt; and what a small file costs.

``make bench-ingest`` prints ratios of one run, median of ``ROUNDS`` (5), on ``ROWS`` (1,000,000) rows; ``FILES`` (100,
1000, 10000) small files; and with ``GIGABYTES=2`` a file of that size and the memory it takes. Contenders take turns,
so that a busy machine is busy for all of them; each has loaded a thousand rows before its clock starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
OURS, THEIRS = sys.executable, str(ROOT / ".venv-bench" / "bin" / "python")
TARGETS = {"duckdb": 0.5, "dlt, arrow": 2.0, "dlt, rows": 15.0}
PROGRAMS = {"duckdb": OURS, "ours": OURS, "ours, landed only": OURS, "dlt, arrow": THEIRS, "dlt, rows": THEIRS}


def write_export(path: Path, rows: int) -> None:
    """An X per-post export to 2023 as the network wrote it: quoted, counts with a point, some texts of two lines."""
    import duckdb

    def count(seed: int, below: int) -> str:
        return f"(hash(i + {seed}) % {below}) || '.0'"

    counts = ", ".join(
        f'{count(seed, below)} as "{name}"'
        for seed, (name, below) in enumerate({
            "impressions": 100_000, "engagements": 3000, "retweets": 300, "replies": 300, "likes": 900,
            "user profile clicks": 90, "url clicks": 300, "hashtag clicks": 30, "detail expands": 300,
            "permalink clicks": 9, "follows": 4, "media views": 9000, "media engagements": 300,
        }.items())
    )  # fmt: skip
    duckdb.execute(f"""copy (
        select cast(1100000000000000000 + i * 4194304000 as varchar) as "Tweet id",
            'https://twitter.com/acme/status/' || (1100000000000000000 + i * 4194304000) as "Tweet permalink",
            case when i % 20 = 0 then 'Spring offer, still on:' || chr(10) || 'see acme.example/' || i
                else 'Our ' || ['new', 'best', 'old', 'red'][1 + i % 4] || ' shoe number ' || i || ' is here' end
                as "Tweet text",
            strftime(timestamp '2019-03-01' + to_seconds(i * 60), '%Y-%m-%d %H:%M +0000') as "time",
            cast((hash(i) % 100) / 1000.0 as varchar) as "engagement rate", {counts}
        from range({rows}) as posts(i)
    ) to '{path}' (header, force_quote *)""")


def measure(name: str, path: Path) -> dict[str, float]:
    """One run of one contender in a process of its own."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        command = [PROGRAMS[name], str(ROOT / "benchmarks" / "ingest_contenders.py"), name, str(path), folder]
        done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:] or done.stdout[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(path: Path, rows: int, rounds: int) -> None:
    """Print the table of ratios."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in PROGRAMS if Path(PROGRAMS[name]).exists()}
    for _ in range(rounds):
        for name in results:
            results[name].append(measure(name, path))
            assert results[name][-1]["rows"] == rows, f"{name} loaded {results[name][-1]['rows']} rows"
    middle = {
        name: {key: median(run[key] for run in runs) for key in ("seconds", "cpu", "megabytes")}
        for name, runs in results.items()
    }
    size = path.stat().st_size / 1e6
    print(f"\n{rows:,} rows, {size:.0f} MB, median of {rounds}\n")
    print(f"{'':20}{'seconds':>9}{'cpu s':>8}{'MB':>8}{'our speed is':>15}{'wanted':>9}")
    for name, found in middle.items():
        speed = found["seconds"] / middle["ours"]["seconds"]
        wanted = f"{TARGETS[name]:g} x" if name in TARGETS else ""
        print(f"{name:20}{found['seconds']:9.2f}{found['cpu']:8.2f}{found['megabytes']:8.0f}{speed:13.2f} x{wanted:>9}")
    memory = middle["ours"]["megabytes"] / middle["duckdb"]["megabytes"]
    print(f"\npeak memory: {memory:.2f} x DuckDB's (wanted at most 1.5 x)")


def small_files(counts: list[int], folder: Path) -> None:
    """Print what one small file costs among more and more of them."""
    from pipelines.land import land
    from pipelines.settings import Home, Settings

    os.environ["SOCIAL_ROI_KEY_FILE"] = str(folder / "key")
    print("\nsmall files of 10 rows")
    for count in counts:
        home = Home(folder / f"home{count}")
        place = home.landing / "x" / "acme"
        place.mkdir(parents=True)
        write_export(folder / "small.csv", 10)
        text = (folder / "small.csv").read_text(encoding="utf-8")
        for number in range(count):
            (place / f"{number:05d}.csv").write_text(text.replace("shoe number", f"shoe {number}"), encoding="utf-8")
        land(home, Settings(), paths=[place / "00000.csv"])
        clock, cpu = time.perf_counter(), time.process_time()
        receipts = land(home, Settings())
        assert all(receipt.status == "loaded" for receipt in receipts)
        each = [1000 * spent / count for spent in (time.perf_counter() - clock, time.process_time() - cpu)]
        print(f"{count:>8,} files: {each[0]:6.1f} ms a file, {each[1]:6.1f} ms of processor")


def main() -> None:
    rows, rounds = int(os.environ.get("ROWS", 1_000_000)), int(os.environ.get("ROUNDS", 5))
    counts = [int(part) for part in os.environ.get("FILES", "100 1000 10000").split()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_export(folder / "few.csv", 1000)
        if rounds:
            write_export(folder / "posts.csv", rows)
            compare(folder / "posts.csv", rows, rounds)
        if gigabytes := float(os.environ.get("GIGABYTES", 0)):
            write_export(folder / "large.csv", int(gigabytes * 3_700_000))
            size = (folder / "large.csv").stat().st_size / 1e9
            found = measure("ours", folder / "large.csv")
            print(f"\n{size:.2f} GB in {found['seconds']:.0f} s and {found['megabytes']:.0f} MB (wanted below 1500)")
            (folder / "large.csv").unlink()
        small_files(counts, folder)


if __name__ == "__main__":
    main()
