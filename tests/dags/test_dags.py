"""The DAGs as Airflow reads them: which there are, and how each task fails, waits and is documented."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.night import airflow_environment
from pipelines.settings import Home
from pipelines.spec import is_retired, load_specs

DAGS = Path(__file__).parents[2] / "dags"
RUNS = {"night", "attribution", "backfill", "rebuild"}
STAGES = ["load", "validate", "transform", "attribute", "incrementality", "publish", "report"]

DUMP = """
import json, sys
from airflow.dag_processing.dagbag import DagBag

bag = DagBag(dag_folder=sys.argv[1])
seconds = lambda delta: delta and delta.total_seconds()
many = lambda each: each if isinstance(each, (list, tuple)) else [each]
print(json.dumps({
    "import_errors": bag.import_errors,
    "dags": {
        name: {
            "timetable": type(dag.timetable).__name__,
            "schedule": getattr(dag.timetable, "expression", None),
            "time_zone": str(getattr(dag.timetable, "timezone", None)),
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "timeout": seconds(dag.dagrun_timeout),
            "tags": sorted(dag.tags),
            "doc": dag.doc_md,
            "paused": dag.is_paused_upon_creation,
            "params": {key: dag.params.get_param(key).schema for key in dag.params},
            "deadline": [alert.callback.path for alert in many(dag.deadline)],
            "tasks": {
                task.task_id: {
                    "mapped": task.is_mapped,
                    "over": task.op_kwargs_expand_input.value["source"] if task.is_mapped else None,
                    "pool": task.pool,
                    "owner": task.owner,
                    "told": [each.__name__ for each in many(task.on_failure_callback)],
                    "retries": task.retries,
                    "retry_delay": seconds(task.retry_delay),
                    "backoff": task.retry_exponential_backoff,
                    "timeout": seconds(task.execution_timeout),
                    "downstream": sorted(task.downstream_task_ids),
                }
                for task in dag.tasks
            },
        }
        for name, dag in bag.dags.items()
    },
}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return read_bag(Home(tmp_path_factory.mktemp("home")))


def read_bag(home: Home, **variables: str) -> dict[str, Any]:
    """What a DagBag holds, read in a process of its own: Airflow changes logging and warnings for all."""
    read = subprocess.run(
        [sys.executable, "-c", DUMP, str(DAGS)],
        env=airflow_environment(home, dags=DAGS) | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    found: dict[str, Any] = json.loads(read.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def tasks(bag: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{name}.{task}": told for name, dag in bag["dags"].items() for task, told in dag["tasks"].items()}


def test_there_are_the_runs_and_one_dag_for_each_source(bag: dict[str, Any]) -> None:
    assert bag["import_errors"] == {}
    assert len(load_specs()) > 5
    assert set(bag["dags"]) == {*RUNS, *(f"ingest__{source}" for source in load_specs())}


@pytest.mark.parametrize(
    ("name", "first"), [("night", ["ingest"]), ("backfill", ["ingest"]), ("attribution", []), ("rebuild", [])]
)
def test_a_run_goes_through_the_stages_in_order(bag: dict[str, Any], name: str, first: list[str]) -> None:
    tasks = bag["dags"][name]["tasks"]
    order = [*first, *STAGES]
    assert list(tasks) == order
    for before, after in pairwise(order):
        assert after in tasks[before]["downstream"]


def test_what_is_asked_for_has_a_form(bag: dict[str, Any]) -> None:
    assert bag["dags"]["backfill"]["params"].keys() == {"source", "date_from", "date_to", "full_refresh"}
    assert bag["dags"]["backfill"]["params"]["source"]["enum"] == ["all", *load_specs()]
    assert bag["dags"]["attribution"]["params"].keys() == {"full_refresh"}


def test_only_the_night_and_what_is_run_by_hand_are_switched_on_from_the_start(bag: dict[str, Any]) -> None:
    paused = {name for name, dag in bag["dags"].items() if dag["paused"]}
    assert paused == {"attribution", *(f"ingest__{source}" for source in load_specs())}


def test_whoever_has_to_know_is_told_of_failure_and_delay(bag: dict[str, Any]) -> None:
    for name, dag in bag["dags"].items():
        assert dag["deadline"] == ["pipelines.notify.late"], name
        assert all(task["told"] == ["told_of_failure"] for task in dag["tasks"].values()), name


def test_the_night_takes_in_every_source_and_files_in_no_folder(bag: dict[str, Any]) -> None:
    assert bag["dags"]["night"]["tasks"]["ingest"]["over"] == [*load_specs(), ""]


def test_a_source_lands_then_loads(bag: dict[str, Any]) -> None:
    for source in load_specs():
        found = bag["dags"][f"ingest__{source}"]["tasks"]
        assert found["ingest"]["downstream"] == ["load"]
        assert set(found) == {"ingest", "load"}


def test_schedules_have_data_intervals_and_a_time_zone(bag: dict[str, Any]) -> None:
    scheduled = {name: dag for name, dag in bag["dags"].items() if dag["schedule"]}
    assert "night" in scheduled
    for dag in scheduled.values():
        assert dag["timetable"] == "CronDataIntervalTimetable"
        assert dag["time_zone"] == "UTC"


def test_the_environment_says_when_the_night_is_and_where(tmp_path: Path) -> None:
    told = {"SOCIAL_ROI_NIGHT": "30 4 * * *", "SOCIAL_ROI_SCHEDULE_ZONE": "Europe/Paris"}
    night = read_bag(Home(tmp_path), **told)["dags"]["night"]
    assert (night["schedule"], night["time_zone"]) == ("30 4 * * *", "Europe/Paris")


def test_a_wrong_time_zone_is_named(tmp_path: Path) -> None:
    found = read_bag(Home(tmp_path), SOCIAL_ROI_SCHEDULE_ZONE="Europe/Pariss")
    assert found["dags"] == {}
    assert all(
        "SOCIAL_ROI_SCHEDULE_ZONE: 'Europe/Pariss' is no IANA time zone name" in error
        for error in found["import_errors"].values()
    )


def test_only_sources_with_nothing_but_retired_networks_wait_to_be_triggered(bag: dict[str, Any]) -> None:
    retired = {f"ingest__{name}" for name, spec in load_specs().items() if is_retired(spec)}
    assert {name for name, dag in bag["dags"].items() if not dag["schedule"]} == {*retired, "backfill", "rebuild"}
    assert {"ingest__google_plus", "ingest__legacy_posts"} <= retired
    assert "ingest__x_archive" not in retired  # it describes Periscope, which is gone, and serves X, which is not


def test_runs_never_overlap_or_catch_up_and_end(bag: dict[str, Any]) -> None:
    for dag in bag["dags"].values():
        assert dag["catchup"] is False
        assert dag["max_active_runs"] == 1
        assert 0 < dag["timeout"] <= 24 * 3600


def test_every_dag_is_documented_and_tagged(bag: dict[str, Any]) -> None:
    for name, dag in bag["dags"].items():
        assert dag["doc"].startswith("# "), name
        assert "social-roi" in dag["tags"], name


def test_every_task_is_tried_again_ever_later_and_ends(tasks: dict[str, dict[str, Any]]) -> None:
    for name, task in tasks.items():
        assert task["retries"] >= 2, name
        assert task["retry_delay"] > 0, name
        assert task["backoff"], name
        assert 0 < task["timeout"] <= 24 * 3600, name
        assert task["owner"] == "social-roi", name


def test_only_tasks_that_write_to_the_warehouse_share_the_writers_pool(tasks: dict[str, dict[str, Any]]) -> None:
    for name, task in tasks.items():
        reads_only = name.endswith((".ingest", ".report"))
        assert task["pool"] == ("default_pool" if reads_only else "warehouse_writer"), name


def test_no_module_hides_an_installed_package() -> None:
    assert sorted(path.name for path in DAGS.glob("*.py")) == [
        "attribution.py",
        "backfill.py",
        "ingest.py",
        "night.py",
        "rebuild.py",
        "wiring.py",
    ]
