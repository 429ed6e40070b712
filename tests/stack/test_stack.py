"""The stack comes up from nothing, is used through its public API alone, and goes down without a trace."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipelines.settings import Home
from scripts.stack.deployment import Deployment, free_port
from scripts.stack.supervision import members, states
from tests.land.files import text, tweets
from tests.stack.api import Airflow, overlaps, writers
from tests.stack.taker import MetricsTaker
from tests.stack.use import signed_in, stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def metrics() -> Iterator[MetricsTaker]:
    with MetricsTaker() as taker:
        yield taker


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory, metrics: MetricsTaker) -> dict[str, str]:
    return {
        "AIRFLOW_METRICS": "True",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": metrics.address,
        "AIRFLOW_PORT": str(free_port()),
        "SOCIAL_ROI_KEY_FILE": str(tmp_path_factory.mktemp("key") / "key"),
        "SOCIAL_ROI_NIGHT": "0 2 29 2 *",  # no night comes in between
    }


@pytest.fixture(scope="module")
def home(variables: dict[str, str]) -> Iterator[Path]:
    """A home whose stack is up, and is down again afterwards whatever happened.

    It lies outside pytest's own folder, which other runs of pytest close to the account that Postgres runs as.
    """
    with tempfile.TemporaryDirectory(prefix="social-roi-stack-") as name:
        yield from brought_up(Path(name), variables)


def brought_up(root: Path, variables: dict[str, str]) -> Iterator[Path]:
    landing = Home(root).landing / "x" / "acme"
    landing.mkdir(parents=True)
    (landing / "a.csv").write_text(text(tweets(100, 200)), encoding="utf-8")
    done = stack(root, "up", **variables)
    try:
        assert done.returncode == 0, done.stderr
        yield root
    finally:
        stack(root, "down", **variables)
        assert members(Deployment(root)) == []


@pytest.fixture(scope="module")
def airflow(home: Path, variables: dict[str, str]) -> Airflow:
    wanted = {"night", "attribution", "ingest__x", "backfill"}
    return signed_in(home, port=variables["AIRFLOW_PORT"], wanted=wanted)


def test_every_service_runs_and_listens_on_this_machine_alone(home: Path) -> None:
    found = states(Deployment(home))
    assert found.pop("migrate") == "EXITED"
    assert set(found.values()) == {"RUNNING"}
    heard = {
        connection.laddr.ip
        for process in members(Deployment(home))
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert heard == {"127.0.0.1"}


def test_secrets_are_made_and_only_their_owner_reads_them(home: Path) -> None:
    deployment = Deployment(home)
    assert deployment.environment_file.stat().st_mode & 0o077 == 0
    told = deployment.variables()
    made = [told[name] for name in ("POSTGRES_PASSWORD", "AIRFLOW_FERNET_KEY", "AIRFLOW_JWT_SECRET")]
    assert all(len(secret) >= 32 for secret in made)
    written = (deployment.folder / "supervisord.conf").read_text(encoding="utf-8")
    assert not any(secret in written for secret in made)


def test_a_week_of_backfills_and_a_triggered_run_are_green_with_one_writer(home: Path, airflow: Airflow) -> None:
    for dag in ("ingest__x", "attribution"):
        airflow.unpause(dag)
    airflow.backfill("ingest__x", "2026-08-01T00:00:00Z", "2026-08-07T23:00:00Z")
    run = airflow.trigger("attribution")
    weekly = airflow.await_runs("ingest__x", "backfill", 7, seconds=400)
    assert [run["state"] for run in weekly] == ["success"] * 7
    ended = airflow.await_runs("attribution", "manual", 1, seconds=300)
    assert [(each["dag_run_id"], each["state"]) for each in ended] == [(run, "success")]
    assert (home / "published" / "roi.duckdb").exists()
    wrote = writers(airflow, "ingest__x", "attribution")
    assert len(wrote) >= 7 + 5
    assert overlaps(wrote) == []


def test_metrics_of_scheduler_pool_and_runs_are_sent(airflow: Airflow, metrics: MetricsTaker) -> None:
    until = time.monotonic() + 60
    wanted = {"airflow.scheduler_heartbeat", "airflow.dag_processing.import_errors", "airflow.pool.starving_tasks"}
    wanted |= {"airflow.ti.finish", "airflow.dagrun.duration.success", "airflow.pool.open_slots"}
    while not wanted <= metrics.told.keys() and time.monotonic() < until:
        time.sleep(1)
    assert wanted <= metrics.told.keys(), sorted(metrics.told)
    assert {"warehouse_writer"} <= {point.get("pool_name") for point in metrics.told["airflow.pool.open_slots"]}
    assert {"ingest__x"} <= {point.get("dag_id") for point in metrics.told["airflow.dagrun.duration.success"]}


def test_up_is_repeatable_and_a_killed_service_comes_back(home: Path, variables: dict[str, str]) -> None:
    before = {process.pid for process in members(Deployment(home))}
    postgres = next(process for process in members(Deployment(home)) if process.name() == "postgres")
    postgres.kill()
    done = stack(home, "up", **variables)
    assert done.returncode == 0, done.stderr
    assert "postgres is well" in done.stderr
    assert {process.pid for process in members(Deployment(home))} & before


def test_the_workers_of_a_killed_scheduler_go_before_the_next_one_works(home: Path, variables: dict[str, str]) -> None:
    scheduler = next(each for each in members(Deployment(home)) if "scheduler" in each.cmdline())
    left = scheduler.children(recursive=True)
    assert len(left) >= 4
    scheduler.kill()
    done = stack(home, "up", **variables)
    assert done.returncode == 0, done.stderr
    workers = [each for each in left if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert [" ".join(each.cmdline()) for each in workers] == []


def test_down_leaves_no_process(home: Path, airflow: Airflow, variables: dict[str, str]) -> None:
    done = stack(home, "down", **variables)
    assert done.returncode == 0, done.stderr
    assert "no process is left" in done.stderr
    assert members(Deployment(home)) == []
    assert states(Deployment(home)) == {}
