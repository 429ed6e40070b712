"""A night beside a build from nothing: three years of raw rows made up here, and one day more each night.

``python attribution_increment.py FOLDER TOUCHES ROUNDS`` prints seconds of processor time of each step, of the first
night after a build from nothing, of as many more nights as there are rounds, and of as many builds from nothing; and
whether the nights left what the build makes, by the hash of every published table. Each runs in a process of its own,
as nights do; what that takes before the first step and after the last is the step ``start``.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

DAYS = 1096
BEGUN = "timestamp '2023-11-01'"
DAY_OF_FILE = r"cast(regexp_extract(file_sha256, '\d+$') as integer)"
NETWORKS = "['facebook', 'instagram', 'linkedin', 'tiktok', 'youtube']"
RAW = """
insert into loaded.touchpoints by name
    select 'touches' || second // 86400 as file_sha256, i as row_number, 'touchpoints' as source, 'test' as layout,
        't' || i as touch_id, 'c' || hash(i) % {people} as customer_id, {begun} + to_seconds(second) as touched_at,
        case when hash(i + 9) % 10 = 0 then 'view' else 'click' end as touch_type,
        case when kind = 0 then {networks}[1 + place % 5] end as network,
        case when kind = 0 and hash(i + 6) % 2 = 0 then 'a' || hash(i + 7) % 2000 end as action_id,
        case when kind = 1 then ['google', 'newsletter', 'facebook', 'bing'][1 + place % 4] end as utm_source,
        case when kind = 1 then ['cpc', 'email', 'paid_social', 'organic'][1 + place % 4] end as utm_medium,
        case when kind = 1 then 'campaign' || hash(i + 8) % 200 end as utm_campaign,
        case when kind = 2 then 'https://www.' || ['google.com', 't.co', 'example.org'][1 + place % 3] end as referrer,
        'https://shop.example/p/' || hash(i + 4) % 500 as landing_url
    from (select i, cast(hash(i + 1) % ({days} * 86400) as bigint) as second, hash(i + 3) % 3 as kind,
        cast(hash(i + 5) % 60 as integer) as place from range({touches}) as numbers (i));
insert into loaded.orders by name
    select 'orders' || second // 86400 as file_sha256, i as row_number, 'orders' as source, 'test' as layout,
        'o' || i as order_id, 'c' || hash(i + 12) % {people} as customer_id, {begun} + to_seconds(second) as ordered_at,
        cast((1000 + hash(i + 5) % 30000) / 100 as decimal(18, 6)) as revenue, 'EUR' as currency,
        case when hash(i + 2) % 20 = 0 then 5.0 end as refunded_amount
    from (select i, cast(hash(i + 21) % ({days} * 86400) as bigint) as second
        from range({touches} // 20) as numbers (i));
insert into loaded.action_metrics by name
    select 'posts' || day as file_sha256, row_number() over () as row_number, 'engagement_daily' as source,
        'test' as layout, {networks}[1 + post % 5] as network, 'a' || post as action_id, 'post' as action_type,
        'day' as basis, cast({begun} as date) + cast(day as integer) as metric_date,
        hash(day * 7 + post) % 1000 as impressions, hash(day * 5 + post) % 50 as link_clicks,
        cast(1.5 as decimal(18, 6)) as spend, 'EUR' as currency
    from range({days}) as days (day), range(2000) as posts (post)
    where post * {days} // 2000 between day - 30 and day
"""
TABLES = ("touchpoints", "orders", "action_metrics")


def make_home(folder: Path, touches: int, nights: int) -> Any:
    """A home whose raw tables hold every day but the last ones, whose rows are set aside."""
    from pipelines.load import load
    from pipelines.settings import Home, Settings
    from pipelines.warehouse import open_warehouse

    home = Home(folder / "home")
    load(home, Settings())
    with open_warehouse(home) as connection:
        text = RAW.format(touches=touches, people=touches // 20, days=DAYS, begun=BEGUN, networks=NETWORKS)
        for statement in text.split(";\n"):
            connection.execute(statement)
        connection.execute("create schema later")
        for table in TABLES:
            last = f"{DAY_OF_FILE} >= {DAYS - nights}"
            connection.execute(f"create table later.{table} as select * from raw.{table} where {last}")
            connection.execute(f"delete from loaded.{table} where {last}")
    return home


def run_steps(root: Path) -> None:
    """The steps of one night on a home, which is what this file does when it is called with ``--night``."""
    from pipelines.attribution import compute
    from pipelines.settings import Home, Settings
    from pipelines.transform import attribute, transform

    seconds = {}
    for step in (transform, compute, attribute):
        clock = time.process_time()
        step(Home(root), Settings())
        seconds[step.__name__] = time.process_time() - clock
    print(json.dumps(seconds))


def timed(home: Any) -> dict[str, float]:
    """Processor seconds of each step of a night, in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, __file__, "--night", home.root], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    steps: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"start": whole - sum(steps.values()), **steps}


def add_day(home: Any, day: int) -> None:
    """Load what was set aside of one day."""
    from pipelines.warehouse import open_warehouse

    with open_warehouse(home) as connection:
        for table in TABLES:
            connection.execute(f"insert into loaded.{table} select * from later.{table} where {DAY_OF_FILE} = {day}")


def published(home: Any) -> dict[str, tuple[Any, ...]]:
    """Rows and a hash that knows no order, for every published table."""
    from pipelines.warehouse import open_warehouse

    with open_warehouse(home, read_only=True) as connection:
        query = "select table_name from information_schema.tables where table_schema = 'published' order by all"
        return {
            name: connection.execute(f"select count(*), bit_xor(hash(row)) from published.{name} as row").fetchall()[0]
            for (name,) in connection.execute(query).fetchall()
        }


def main(folder: Path, touches: int, rounds: int) -> dict[str, Any]:
    from pipelines.warehouse import open_warehouse

    home = make_home(folder, touches, rounds + 1)
    timed(home)
    nights = []
    for day in range(DAYS - rounds - 1, DAYS):
        add_day(home, day)
        nights.append(timed(home))
    left = published(home)
    rebuilds = []
    for _ in range(rounds):
        with open_warehouse(home) as connection:
            connection.execute("drop schema built cascade")
        rebuilds.append(timed(home))
    equal = published(home) == left
    shutil.rmtree(home.root)
    return {"first": nights[0], "nights": nights[1:], "rebuilds": rebuilds, "equal": equal, "tables": len(left)}


if __name__ == "__main__":
    if sys.argv[1] == "--night":
        run_steps(Path(sys.argv[2]))
    else:
        print(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:]))))
