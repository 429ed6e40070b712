"""Days on which clocks change: a run for each, none left out or told twice, each with the days that it covers."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.night import airflow_environment
from pipelines.settings import Home

DAGS = Path(__file__).parents[2] / "dags"
ZONE = "Europe/Paris"

INTERVALS = """
import json, sys
from types import SimpleNamespace
import pendulum
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables.base import TimeRestriction

sys.path.insert(0, sys.argv[1])
import ingest, wiring

def days(interval):
    context = {"params": {}, "dag_run": SimpleNamespace(run_type="backfill"),
               "data_interval_start": interval.start, "data_interval_end": interval.end}
    return {name: str(day) for name, day in wiring._days(context).items()}

def told(table, first, last):
    earliest, latest = (pendulum.parse(day, tz="Europe/Paris") for day in (first, last))
    restriction = TimeRestriction(earliest, latest, True)
    interval = None
    while info := table.next_dagrun_info(last_automated_data_interval=interval, restriction=restriction):
        interval = info.data_interval
        yield [str(interval.start), str(interval.end), days(interval)]

found = {}
for cron in sys.argv[2:]:
    table = coerce_to_core_timetable(wiring.on_schedule(cron)["schedule"])
    found[cron] = [*told(table, "2026-03-27", "2026-04-01"), *told(table, "2026-10-23", "2026-10-28")]
print(json.dumps(found))
"""

AT_ONE, IN_THE_GAP, AT_MIDNIGHT = "0 1 * * *", "30 2 * * *", "0 0 * * *"


@pytest.fixture(scope="module")
def intervals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Of each schedule, the intervals about both changes, and the days that an ingest of each asks for."""
    home = Home(tmp_path_factory.mktemp("dst"))
    home.root.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", INTERVALS, str(DAGS), AT_ONE, IN_THE_GAP, AT_MIDNIGHT],
        env=airflow_environment(home, dags=DAGS) | {"SOCIAL_ROI_SCHEDULE_ZONE": ZONE},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, list[Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("cron", [AT_ONE, IN_THE_GAP, AT_MIDNIGHT])
def test_intervals_follow_one_another_without_gap_or_overlap(intervals: dict[str, list[Any]], cron: str) -> None:
    for first, last in (("2026-03", "2026-04"), ("2026-10", "2026-11")):
        spans = [
            (datetime.fromisoformat(start), datetime.fromisoformat(end))
            for start, end, _ in intervals[cron]
            if first <= start[:7] <= last
        ]
        assert len(spans) >= 4
        assert all(one[1] == other[0] for one, other in pairwise(spans)), spans


def test_a_day_has_23_hours_in_march_and_25_in_october(intervals: dict[str, list[Any]]) -> None:
    hours = {
        told["date_from"]: (datetime.fromisoformat(end) - datetime.fromisoformat(start)) / timedelta(hours=1)
        for start, end, told in intervals[AT_MIDNIGHT]
    }
    assert hours["2026-03-28"] == hours["2026-10-24"] == 24
    assert (hours["2026-03-29"], hours["2026-10-25"]) == (23, 25)


def test_each_midnight_interval_asks_for_its_own_day_alone(intervals: dict[str, list[Any]]) -> None:
    asked = [told for *_, told in intervals[AT_MIDNIGHT]]
    assert all(told["date_from"] == told["date_to"] for told in asked), asked
    days = [date.fromisoformat(told["date_from"]) for told in asked]
    assert len(set(days)) == len(days)
    assert {date(2026, 3, 29), date(2026, 10, 25)} <= set(days)


@pytest.mark.parametrize("cron", [AT_ONE, IN_THE_GAP])
def test_every_day_about_a_change_is_asked_for(intervals: dict[str, list[Any]], cron: str) -> None:
    asked = {told["date_from"] for *_, told in intervals[cron]}
    assert {"2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"} <= asked
