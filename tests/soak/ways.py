"""Four ways to the same data: night by night, in one backfill, by a rebuild, and with the nights in another order."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb

from pipelines.publish import latest, table_hashes
from pipelines.run import STAGES, Run, new_run_id, run_stage
from pipelines.settings import Home, Settings
from tests.soak.nights import lay

Said = dict[str, str]
SETTINGS = Settings.model_validate(
    {"models": ["first_touch", "linear", "time_decay", "markov_path", "markov", "shapley"]}
)

COMPUTED = ("land", "load", "transform", "attribute")
"""The stages of a night that leave something behind for the next one; the others only check and show."""

SPOKEN = """
    select model, network, month, conversions_credited, revenue_credited, net_revenue_credited
    from published.fct_reported_history
    where publication_id = (
        select said_in from published.meta_publication_log order by publication_id desc limit 1
    )
    order by all
"""


def run_night(
    home: Home, *, publishes: bool = True, afresh: bool = False, days: tuple[date, date] | None = None
) -> None:
    """One run: whole, or without what only checks and shows; ``afresh`` from the lake into an empty warehouse."""
    first, last = days or (None, None)
    run = Run(home, SETTINGS, new_run_id(), afresh, first, last, from_lake=afresh)
    for stage in STAGES:
        if publishes or stage.name in COMPUTED:
            run_stage(run, stage.name)


def one_by_one(root: Path, nights: Sequence[Path], *, publishes_each: bool) -> Home:
    """Lay and run one night after another; the last one publishes."""
    home = Home(root)
    for number, night in enumerate(nights, 1):
        begun = time.monotonic()
        lay([night], home.landing)
        run_night(home, publishes=publishes_each or number == len(nights))
        took = time.monotonic() - begun
        sys.stderr.write(f"{root.name}: {night.name}, {number} of {len(nights)}, {took:.0f} s\n")
    return home


def shuffled(nights: Sequence[Path], *, seed: int) -> list[Path]:
    """The nights in an order that is not theirs."""
    draw = random.Random(seed)
    order = [*nights]
    while order == [*nights]:
        draw.shuffle(order)
    return order


def said(home: Home) -> Said:
    """A hash of each published table; of what was said, what the last publication says.

    Verdicts of checks, ids and times of runs and publications, and what earlier publications said differ by what
    happened, not by what is known: ``pipelines.publish.content.NOT_CONTENT`` leaves them out.
    """
    path = latest(home)
    assert path is not None, "nothing is published"
    with duckdb.connect(str(path), read_only=True) as connection:
        spoken = connection.execute(SPOKEN).fetchall()
    assert spoken
    return table_hashes(path) | {"what the last publication says": repr(spoken)}


def four_ways(root: Path, nights: Sequence[Path], *, seed: int, publishes_each: bool, workers: int) -> dict[str, Said]:
    """What is published in each way; a rebuild follows the nights in order, in their own home."""
    os.environ["SOCIAL_ROI_KEY_FILE"] = str(root / "key")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        ordered = pool.submit(_nightly, root / "nightly", nights, publishes_each)
        other = pool.submit(_shuffled, root / "shuffled", shuffled(nights, seed=seed), publishes_each)
        backfill = pool.submit(_backfill, root / "backfill", nights)
        nightly, rebuilt = ordered.result()
        return {
            "night by night": nightly,
            "rebuild": rebuilt,
            "shuffled nights": other.result(),
            "one backfill": backfill.result(),
        }


def differences(found: dict[str, Said]) -> list[str]:
    """The tables that one way publishes otherwise than night by night does."""
    expected = found["night by night"]
    return [
        f"{way}: {table}"
        for way, tables in found.items()
        for table in sorted({*tables, *expected})
        if tables.get(table) != expected.get(table)
    ]


def _backfill(root: Path, nights: Sequence[Path]) -> Said:
    home = Home(root)
    lay(nights, home.landing)
    run_night(home, days=(date(2000, 1, 1), date(2100, 1, 1)))
    return said(home)


def _nightly(root: Path, nights: Sequence[Path], publishes_each: bool) -> tuple[Said, Said]:
    home = one_by_one(root, nights, publishes_each=publishes_each)
    found = said(home)
    run_night(home, afresh=True)
    return found, said(home)


def _shuffled(root: Path, nights: Sequence[Path], publishes_each: bool) -> Said:
    return said(one_by_one(root, nights, publishes_each=publishes_each))
