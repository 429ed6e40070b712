"""Running the night from the command line: what is prepared once, and what is said when it does not end."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli import night
from pipelines.errors import CheckStopError, SocialRoiError
from pipelines.run.record import amend, fail, now
from pipelines.settings import Home


class Airflow:
    """Stands for the ``airflow`` command: notes its calls; ``dags test`` leaves a run's record behind, or none."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.calls: list[list[str]] = []
        self.ends: BaseException | str | None = "done"

    def __call__(self, arguments: list[str], environment: dict[str, str], log: Path, progress: object) -> int:
        self.calls.append(arguments)
        if arguments[0] != "dags" or self.ends is None:
            return int(arguments[0] == "dags")
        if isinstance(self.ends, str):
            amend(self.home, "r1", status=self.ends, ended_at=now())
            return 0
        fail(self.home, "r1", stage="validate", error=self.ends)
        return 1


@pytest.fixture
def airflow(home: Home, monkeypatch: pytest.MonkeyPatch) -> Airflow:
    fake = Airflow(home)
    monkeypatch.setattr(night, "_airflow", fake)
    return fake


def test_the_database_and_the_pool_are_made_once(home: Home, airflow: Airflow) -> None:
    assert night.run_night(home, progress=lambda _: None)["run_id"] == "r1"
    assert [call[:2] for call in airflow.calls] == [["db", "migrate"], ["pools", "set"], ["dags", "test"]]
    assert airflow.calls[1][2:4] == ["warehouse_writer", "1"]
    (home.state / "runs" / "r1.json").unlink()
    night.run_night(home, progress=lambda _: None)
    assert [call[:2] for call in airflow.calls[3:]] == [["dags", "test"]]


def test_a_stopped_night_says_which_check_and_where_the_log_is(home: Home, airflow: Airflow) -> None:
    airflow.ends = CheckStopError("rows are missing", where="raw", remedy="Export them again")
    with pytest.raises(CheckStopError, match=r"raw: rows are missing. Export them again. The log is .*night-.*\.log"):
        night.run_night(home, progress=lambda _: None)


def test_a_night_that_left_no_record_points_to_its_log(home: Home, airflow: Airflow) -> None:
    airflow.ends = None
    with pytest.raises(SocialRoiError, match="did not end"):
        night.run_night(home, progress=lambda _: None)


def test_an_earlier_run_is_not_taken_for_this_one(home: Home, airflow: Airflow) -> None:
    amend(home, "r0", status="done")
    airflow.ends = None
    with pytest.raises(SocialRoiError, match="did not end"):
        night.run_night(home, progress=lambda _: None)


def test_another_airflow_of_the_user_is_left_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", "/elsewhere")
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://elsewhere/airflow")
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    environment = night.airflow_environment(home, dags=Path("dags"))
    assert environment["AIRFLOW_HOME"] == str(home.root / "airflow")
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith(f"sqlite:///{home.root}")
    assert "AIRFLOW__CORE__EXECUTOR" not in environment
