"""Readers query at a steady rate while publication after publication is made: no error, never a mixture."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.publish import latest, publish
from pipelines.settings import Home, Settings
from pipelines.warehouse import open_warehouse
from tests.flow.conftest import Verdict

READERS, RATE, PUBLICATIONS = 8, 20, 100

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ASK = """
    select
        (select min(generation) from published.one), (select max(generation) from published.one),
        (select min(generation) from published.other), (select max(generation) from published.other)
"""


class Reader(threading.Thread):
    """Asks two tables for their generation, as a dashboard would: a new connection each time."""

    def __init__(self, home: Home, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.home, self.over = home, over
        self.asked = 0
        self.seen: set[int] = set()
        self.faults: list[str] = []

    def run(self) -> None:
        path = str(self.home.published / "roi.duckdb")
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                with duckdb.connect(path, read_only=True) as connection:
                    row = connection.execute(ASK).fetchone()
            except duckdb.Error as error:
                self.faults.append(str(error))
            else:
                self.asked += 1
                if row is None or len(set(row)) != 1:
                    self.faults.append(f"a mixture: {row}")
                else:
                    self.seen.add(row[0])
            self.over.wait(max(0.0, 1 / RATE - (time.monotonic() - begun)))


def generation(home: Home, number: int) -> None:
    """Publish two tables whose every row says which publication they are of."""
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists published")
        for name in ("one", "other"):
            connection.execute(f"create or replace table published.{name} as select {number} as generation, i "
                               "from range(1000) as r(i)")  # fmt: skip
    publish(home, Settings(), run_id=f"r{number}", check=lambda _: [Verdict()])


def test_readers_never_meet_an_error_or_a_mixture(tmp_path: Path) -> None:
    home = Home(tmp_path)
    generation(home, 0)
    over = threading.Event()
    readers = [Reader(home, over) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for number in range(1, PUBLICATIONS + 1):
        generation(home, number)
    over.set()
    for reader in readers:
        reader.join()
    assert [fault for reader in readers for fault in reader.faults] == []
    assert latest(home) is not None
    assert all(reader.asked > PUBLICATIONS / 2 for reader in readers)
    assert len(set.union(*(reader.seen for reader in readers))) > PUBLICATIONS / 4
