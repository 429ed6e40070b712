"""One contender of the ingest benchmark, in a process of its own: prints seconds, peak memory and what it loaded.

``python ingest_contenders.py NAME FILE FOLDER``; each loads the same X per-post export into a DuckDB file, after
``few.csv`` beside it into another: what a program does once (modules, specifications, settings) is nobody's loss.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

COUNTS = (
    "impressions", "engagements", "retweets", "replies", "likes", "user profile clicks", "url clicks",
    "hashtag clicks", "detail expands", "permalink clicks", "follows", "media views", "media engagements",
)  # fmt: skip
TYPES = {"Tweet id": "VARCHAR", "Tweet permalink": "VARCHAR", "Tweet text": "VARCHAR", "time": "TIMESTAMPTZ"}
TYPES |= {"impressions": "DOUBLE", "engagements": "DOUBLE", "engagement rate": "DOUBLE"}
TYPES |= dict.fromkeys(COUNTS, "DOUBLE")
Run = Callable[[], int]


def duckdb_read(path: Path, folder: Path) -> Run:
    """DuckDB's own typed read: every column named and typed, the dialect given, into a table of a file on disk. A table
    rather than Parquet, for that is where our rows and dlt's end too."""
    import duckdb

    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())

    def run() -> int:
        with duckdb.connect(str(folder / "own.duckdb")) as connection:
            connection.execute(
                f"create table posts as select * from read_csv('{path}', columns={{{columns}}}, delim=',', quote='\"', "
                "escape='\"', header=true, auto_detect=false)"
            )
            (rows,) = connection.execute("select count(*) from posts").fetchone() or (0,)
        return int(rows)

    return run


def ours(path: Path, folder: Path, *, loads: bool) -> Run:
    """This project: recognise, settle, convert, keep the original and the canonical rows; and load them into raw."""
    import pandas  # noqa: F401 - pyarrow imports it on first use, as land does the others
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    from pipelines.land import land
    from pipelines.load import load
    from pipelines.settings import Home, Settings

    home = Home(folder / "home")
    target = home.landing / "x" / "acme" / path.name
    target.parent.mkdir(parents=True)
    os.link(path, target)
    os.environ["SOCIAL_ROI_KEY_FILE"] = str(folder / "key")

    def run() -> int:
        (receipt,) = land(home, Settings())
        if receipt.status != "loaded" or receipt.rows_quarantined:
            raise SystemExit(f"{receipt.status}: {receipt.reason}")
        return load(home, Settings()).rows["action_metrics"] if loads else receipt.rows_loaded

    return run


def dlt_load(path: Path, folder: Path, *, arrow: bool) -> Run:
    """dlt into DuckDB: from Arrow batches that pyarrow reads, or from rows as Python's csv gives them."""
    import dlt
    from pyarrow import csv as arrow_csv

    os.environ["DLT_DATA_DIR"] = str(folder / "dlt")
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    destination = dlt.destinations.duckdb(str(folder / "dlt.duckdb"))
    pipeline = dlt.pipeline("posts", destination=destination, dataset_name="raw", pipelines_dir=str(folder / "dlt"))

    def batches() -> Iterator[Any]:
        options = arrow_csv.ParseOptions(newlines_in_values=True)
        yield from arrow_csv.open_csv(path, parse_options=options)

    def rows() -> Iterator[dict[str, Any]]:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {**row, **{name: float(row[name]) for name in COUNTS}}

    def run() -> int:
        resource_of = dlt.resource(batches() if arrow else rows(), name="posts")
        pipeline.run(resource_of, loader_file_format="parquet" if arrow else None)
        with pipeline.sql_client() as client:
            return int(client.execute_sql("select count(*) from posts")[0][0])

    return run


CONTENDERS: dict[str, Callable[[Path, Path], Run]] = {
    "duckdb": duckdb_read,
    "ours": lambda path, folder: ours(path, folder, loads=True),
    "ours, landed only": lambda path, folder: ours(path, folder, loads=False),
    "dlt, arrow": lambda path, folder: dlt_load(path, folder, arrow=True),
    "dlt, rows": lambda path, folder: dlt_load(path, folder, arrow=False),
}


def main() -> None:
    name, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    for part in ("few", "all"):
        (folder / part).mkdir()
    CONTENDERS[name](path.with_name("few.csv"), folder / "few")()
    run = CONTENDERS[name](path, folder / "all")
    clock, cpu = time.perf_counter(), time.process_time()
    rows = run()
    print(json.dumps({
        "seconds": time.perf_counter() - clock, "cpu": time.process_time() - cpu, "rows": rows,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
