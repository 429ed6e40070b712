"""The rule models in the benchmark: the views that dbt made of an empty home, over journeys and touches made up here.

Times are those of writing ``marts.mart_credits`` out of ``intermediate.int_credits_by_rule``, the whole of what a night
computes for the rule models, with money and credit split exactly.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

CREDITS = "create or replace table marts.mart_credits as select * from intermediate.int_credits_by_rule"
BARE_JOIN = """select count(*) from marts.mart_conversions as conversions
    inner join marts.mart_touches as touches on conversions.journey_key = touches.customer_id
    and touches.touched_second <= conversions.converted_second
    and conversions.converted_second - touches.touched_second <= 30 * 86400"""
JOURNEYS = """
    create temp table journeys as
        select row_number() over () as number, path, conversions, revenue from read_parquet(?);
    insert into marts.mart_touches by name
    select 't' || number || '-' || step as touch_id, 'c' || number as customer_id,
        timestamp '2026-01-01' + to_seconds(step) as touched_at, 1767225600 + step as touched_second,
        path[step] as channel, 'click' as touch_type, false as is_paid
    from journeys, unnest(range(1, len(path) + 1)) as steps (step);
    insert into marts.mart_conversions by name select 'o' || number as conversion_id, 'c' || number as journey_key,
        1767312000 as converted_second, cast(revenue as decimal(18, 6)) as revenue, cast(revenue as decimal(18, 6)) as
        net_revenue from journeys where conversions > 0"""
TOUCHES = """
    insert into marts.mart_touches by name select 't' || i as touch_id, 'c' || (hash(i) % {customers}) as customer_id,
        1767225600 + cast(hash(i + 7) % (90 * 86400) as bigint) as touched_second,
        make_timestamp(touched_second * 1000000) as touched_at,
        'channel' || (hash(i + 3) % 12) as channel, 'x' as network, false as is_paid,
        case when hash(i + 9) % 10 = 0 then 'view' else 'click' end as touch_type from range({touches}) as numbers (i);
    insert into marts.mart_conversions by name select 'o' || i as conversion_id, 'c' || i as journey_key,
        1769817600 + cast(hash(i + 11) % (60 * 86400) as bigint) as converted_second,
        cast((1000 + hash(i + 5) % 30000) / 100 as decimal(18, 6)) as revenue, revenue as net_revenue
    from range({customers}) as numbers (i)"""


def empty_warehouse(folder: Path) -> Path:
    """A warehouse that dbt has built of nothing: the tables of the marts, and the views that credit reads."""
    from pipelines.attribution import compute
    from pipelines.settings import Home, Settings
    from pipelines.transform import attribute, transform

    home = Home(folder / "home")
    home.root.mkdir()
    for step in (transform, compute, attribute):
        step(home, Settings())
    return home.warehouse


def _own(warehouse: Path, name: str) -> Path:
    """A copy of a warehouse: of the same name, since its views say it, in a folder of its own."""
    copy = warehouse.parent / name / warehouse.name
    copy.parent.mkdir()
    shutil.copy(warehouse, copy)
    return copy


def connect(path: Path) -> Any:
    """The warehouse, as dbt opens it, with bounded memory."""
    import duckdb

    connection = duckdb.connect(str(path), config={"threads": 2, "memory_limit": "6GB"})
    connection.execute("set preserve_insertion_order = false")
    return connection


def touches(warehouse: Path, count: int, rounds: int) -> dict[str, float]:
    """Seconds of the bare interval join and of all rule models written, taking turns, after one run of each; and of
    listing them once."""
    copy = _own(warehouse, f"touches{count}")
    connection = connect(copy)
    connection.execute(TOUCHES.format(touches=count, customers=count // 20))
    connection.execute("checkpoint")
    runs: dict[str, list[tuple[float, float]]] = {"join": [], "models": []}
    for _ in range(rounds + 1):
        for name, query in (("join", BARE_JOIN), ("models", CREDITS)):
            runs[name].append(_timed(connection, query))
    found: dict[str, float] = {"listed_cpu": _timed(connection, _listing(connection))[1]}
    for name, taken in runs.items():
        found[name], found[f"{name}_cpu"] = (median(part) for part in zip(*taken[1:], strict=True))
    found["listed"] = connection.execute("select count(*) from marts.listed").fetchone()[0]
    found["joined"] = connection.execute(BARE_JOIN).fetchone()[0]
    connection.close()
    copy.unlink()
    return found | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _timed(connection: Any, query: str) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    connection.execute(query).fetchall()
    return time.perf_counter() - clock, time.process_time() - cpu


def _listing(connection: Any) -> str:
    """mart_attributed as dbt compiled it for the empty home, without the chains, of which there are none here."""
    home = Path(connection.execute("select path from duckdb_databases() where not internal").fetchone()[0]).parents[1]
    [compiled] = (home / "state" / "dbt" / "target").rglob("compiled/**/mart_attributed.sql")
    last = "where credit_billionths is not null"
    return f"create or replace table marts.listed as {compiled.read_text(encoding='utf-8').split(last)[0]} {last}"


def our_rules(path: Path) -> Any:
    """All rule models over journeys that lie in the warehouse as touches and conversions; credit of linear."""
    warehouse = Path(os.environ["BENCH_WAREHOUSE"])
    copy = _own(warehouse, f"rules{os.getpid()}")
    connection = connect(copy)
    for statement in JOURNEYS.split(";"):
        connection.execute(statement, [str(path)] if "?" in statement else None)

    def run() -> dict[str, float]:
        connection.execute(CREDITS)
        found = connection.execute(
            """select channel, sum(linear_credit) / 1e9 from marts.mart_credits inner join marts.mart_touches
            using (touch_id) where linear_credit is not null group by channel"""
        ).fetchall()
        return {channel: float(credit) for channel, credit in found}

    return run


if __name__ == "__main__":
    print(json.dumps(touches(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
