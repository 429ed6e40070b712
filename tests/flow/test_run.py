"""The stages and their gates: what runs, what is recorded, and where a run ends."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines import run as pipeline
from pipelines.errors import CheckStopError, SocialRoiError
from pipelines.run import Run, Stage, land_source, last_runs, run_all, run_stage
from pipelines.settings import Home, Settings


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three stages that only note that they ran, with one gate; the gate lets through what is not called broken."""
    ran: list[str] = []

    def stage(name: str, *gates: str) -> Stage:
        def act(_: Run) -> dict[str, Any]:
            ran.append(name)
            return {name: True, "publication": "p", "report": "r"}

        return Stage(name, act, gates)

    def check(home: Home, settings: Settings, stage: str, *, run_id: str) -> list[Any]:
        ran.append(f"check {stage}")
        if settings.currency == "XXX":
            raise CheckStopError("rows are missing", where=stage, remedy="Export them again")
        return []

    monkeypatch.setattr(pipeline, "STAGES", (stage("one"), stage("two", "raw", "staging"), stage("three")))
    monkeypatch.setattr(pipeline, "check", check)
    return ran


def test_stages_run_in_order_each_followed_by_its_gates(home: Home, steps: list[str]) -> None:
    outcome = run_all(home, Settings())
    assert steps == ["one", "two", "check raw", "check staging", "three"]
    written = json.loads((home.state / "runs" / f"{outcome.run_id}.json").read_text())
    assert written == outcome.record
    assert written["status"] == "done"
    assert set(written["seconds"]) == {"one", "two", "validate raw staging", "three"}


def test_a_closed_gate_ends_the_run_and_is_recorded(home: Home, steps: list[str]) -> None:
    with pytest.raises(CheckStopError):
        run_all(home, Settings(currency="XXX"))
    assert steps == ["one", "two", "check raw"]
    (record,) = last_runs(home, most=5)
    assert record["status"] == "stopped"
    assert record["stage"] == "two"
    assert record["error"]["what"] == "rows are missing"
    assert record["error"]["remedy"] == "Export them again"


def test_the_page_of_runs_is_written_when_a_run_ends_badly(home: Home, steps: list[str]) -> None:
    with pytest.raises(CheckStopError):
        run_all(home, Settings(currency="XXX"))
    page = (home.state / "runs.html").read_text(encoding="utf-8")
    assert "rows are missing" in page
    assert "A check stopped the last run" in page


def test_the_page_of_runs_is_written_when_a_run_ends_well(home: Home, steps: list[str]) -> None:
    run_all(home, Settings())
    assert "The last run ended well" in (home.state / "runs.html").read_text(encoding="utf-8")


def test_a_page_of_runs_that_cannot_be_written_ends_no_run(home: Home, steps: list[str]) -> None:
    (home.state / "runs.html").mkdir(parents=True)
    outcome = run_all(home, Settings())
    assert outcome.record["status"] == "done"
    log = (home.state / "logs" / f"{outcome.run_id}.jsonl").read_text(encoding="utf-8")
    assert '"event": "page_of_runs_not_written"' in log


def test_what_a_run_does_is_logged_as_it_does_it(home: Home, steps: list[str]) -> None:
    with pytest.raises(CheckStopError):
        run_all(home, Settings(currency="XXX"))
    (path,) = (home.state / "logs").glob("*.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line["stage"]) for line in lines] == [
        ("stage_started", "one"),
        ("stage_ended", "one"),
        ("stage_started", "two"),
        ("failed", "two"),
    ]
    assert lines[-1]["status"] == "stopped"
    assert lines[-1]["error"]["remedy"] == "Export them again"
    assert {line["run_id"] for line in lines} == {path.stem}
    run_all(home, Settings())
    logs = {path.stem: path.read_text(encoding="utf-8") for path in (home.state / "logs").glob("*.jsonl")}
    assert len(logs) == 2
    assert '"event": "gate_passed", "stage": "staging", "checks": 0' in "".join(logs.values())


def test_an_unforeseen_failure_is_recorded_and_raised(
    home: Home, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Run) -> dict[str, Any]:
        raise ZeroDivisionError("once in a while")

    monkeypatch.setattr(pipeline, "STAGES", (Stage("one", fail),))
    with pytest.raises(ZeroDivisionError):
        run_all(home, Settings())
    (record,) = last_runs(home, most=5)
    assert (record["status"], record["error"]["kind"]) == ("failed", "ZeroDivisionError")


def test_stages_run_one_by_one_make_one_record(home: Home, steps: list[str]) -> None:
    run = Run(home, Settings(), pipeline.new_run_id())
    for name in ("one", "two", "three"):
        run_stage(run, name)
    (record,) = last_runs(home, most=5)
    assert record["one"] and record["two"] and record["three"]
    assert record["status"] == "done"


def test_the_stages_and_gates_of_a_real_run() -> None:
    assert [(stage.name, stage.gates) for stage in pipeline.STAGES] == [
        ("land", ()),
        ("load", ()),
        ("validate", ("landing", "raw")),
        ("transform", ("staging",)),
        ("attribute", ()),
        ("incrementality", ("marts",)),
        ("publish", ()),
        ("report", ()),
    ]


@pytest.fixture
def landing(tmp_path: Path) -> Home:
    """A home whose name asks nothing of SQL quoting."""
    return Home(tmp_path / "plain")


def touches(home: Home, name: str, day: str) -> None:
    folder = home.landing / "touchpoints"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"customer_id,touched_at,channel\nc1,{day}T10:00:00+00:00,email\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("first", "last", "landed"),
    [
        (None, date(2026, 6, 30), ["may.csv"]),
        (date(2026, 6, 1), None, ["july.csv"]),
        (date(2026, 5, 5), date(2026, 7, 5), ["july.csv", "may.csv"]),
        (date(2026, 8, 1), date(2026, 8, 2), []),
    ],
)
def test_days_choose_the_files_that_speak_of_them(
    landing: Home, first: date | None, last: date | None, landed: list[str]
) -> None:
    touches(landing, "may.csv", "2026-05-05")
    touches(landing, "july.csv", "2026-07-05")
    land_source(landing, Settings(), date_from=first, date_to=last)
    receipts = [json.loads(path.read_text()) for path in landing.lake.rglob("*.json")]
    assert sorted(receipt["path"].rsplit("/", 1)[-1] for receipt in receipts) == landed


def test_a_backfill_takes_what_came_in_its_days_besides_what_speaks_of_them(landing: Home) -> None:
    touches(landing, "may.csv", "2026-05-05")
    touches(landing, "july.csv", "2026-07-05")
    for path in landing.landing.rglob("*.csv"):
        day = datetime(2026, 3, 5 if path.stem == "may" else 20, 12, tzinfo=UTC).timestamp()
        os.utime(path, (day, day))
    march = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 9)}
    assert land_source(landing, Settings(), source="touchpoints", **march) == {}
    assert land_source(landing, Settings(), source="touchpoints", or_landed=True, **march) == {"loaded": 1}
    receipts = [json.loads(path.read_text()) for path in landing.lake.rglob("*.json")]
    assert [receipt["path"].rsplit("/", 1)[-1] for receipt in receipts] == ["may.csv"]


def test_one_source_lands_alone(landing: Home) -> None:
    touches(landing, "may.csv", "2026-05-05")
    assert land_source(landing, Settings(), source="orders") == {}
    assert land_source(landing, Settings(), source="touchpoints") == {"loaded": 1}


def test_publishing_without_a_warehouse_is_refused(home: Home) -> None:
    with pytest.raises(SocialRoiError, match="nothing to publish"):
        pipeline.publish_checked(home, Settings(), run_id="r1")
