"""A night beside a build from nothing: three years of raw rows made up here, and one day more.

``python attribution_increment.py FOLDER TOUCHES`` prints seconds of processor time of each step: of the build from
nothing without the last day, of the night that adds it, and of the build from nothing with it; and whether the night
left what the build makes, by the hash of every published table.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

DAYS = 1096
BEGUN = "timestamp '2023-11-01'"
FILE = "file_sha256 in ('touches{day}', 'orders{day}', 'posts{day}')"
NETWORKS = "['facebook', 'instagram', 'linkedin', 'tiktok', 'youtube']"
RAW = """
insert into raw.touchpoints by name
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
insert into raw.orders by name
    select 'orders' || second // 86400 as file_sha256, i as row_number, 'orders' as source, 'test' as layout,
        'o' || i as order_id, 'c' || hash(i + 12) % {people} as customer_id, {begun} + to_seconds(second) as ordered_at,
        cast((1000 + hash(i + 5) % 30000) / 100 as decimal(18, 6)) as revenue, 'EUR' as currency,
        case when hash(i + 2) % 20 = 0 then 5.0 end as refunded_amount
    from (select i, cast(hash(i + 21) % ({days} * 86400) as bigint) as second
        from range({touches} // 20) as numbers (i));
insert into raw.action_metrics by name
    select 'posts' || day as file_sha256, row_number() over () as row_number, 'engagement_daily' as source,
        'test' as layout, {networks}[1 + post % 5] as network, 'a' || post as action_id, 'post' as action_type,
        'day' as basis, cast({begun} as date) + cast(day as integer) as metric_date,
        hash(day * 7 + post) % 1000 as impressions, hash(day * 5 + post) % 50 as link_clicks,
        cast(1.5 as decimal(18, 6)) as spend, 'EUR' as currency
    from range({days}) as days (day), range(2000) as posts (post)
    where post * {days} // 2000 between day - 30 and day
"""
TABLES = ("touchpoints", "orders", "action_metrics")


def make_home(folder: Path, touches: int) -> Any:
    """A home whose raw tables hold every day, and the last day's rows set aside."""
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
            last = FILE.format(day=DAYS - 1)
            connection.execute(f"create table later.{table} as select * from raw.{table} where {last}")
            connection.execute(f"delete from raw.{table} where {last}")
    return home


def timed(home: Any) -> dict[str, float]:
    """Processor seconds of each step of the transform."""
    from pipelines.attribution import compute
    from pipelines.settings import Settings
    from pipelines.transform import attribute, transform

    seconds = {}
    for step in (transform, compute, attribute):
        clock = time.process_time()
        step(home, Settings())
        seconds[step.__name__] = time.process_time() - clock
    return seconds


def published(home: Any) -> dict[str, tuple[Any, ...]]:
    """Rows and a hash that knows no order, for every published table."""
    from pipelines.warehouse import open_warehouse

    with open_warehouse(home, read_only=True) as connection:
        query = "select table_name from information_schema.tables where table_schema = 'published' order by all"
        return {
            name: connection.execute(f"select count(*), bit_xor(hash(row)) from published.{name} as row").fetchall()[0]
            for (name,) in connection.execute(query).fetchall()
        }


def main(folder: Path, touches: int) -> dict[str, Any]:
    from pipelines.warehouse import open_warehouse

    home = make_home(folder, touches)
    timed(home)
    with open_warehouse(home) as connection:
        for table in TABLES:
            connection.execute(f"insert into raw.{table} select * from later.{table}")
    night = timed(home)
    left = published(home)
    with open_warehouse(home) as connection:
        connection.execute("drop schema built cascade")
    rebuild = timed(home)
    equal = published(home) == left
    shutil.rmtree(home.root)
    return {"night": night, "rebuild": rebuild, "equal": equal, "tables": len(left)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
