"""Events have the shape that the specification asks for, go where they are told to, and never end a run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jsonschema
import pytest

from pipelines import run as pipeline
from pipelines.errors import CheckStopError
from pipelines.lineage import Job, event, lineage_file, run_uuid, send
from pipelines.lineage.events import Dataset, Source
from pipelines.run import Run, Stage, last_runs, run_all
from pipelines.settings import Home, Settings
from tests.lineage.shapes import EVENT

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
CHECKER = jsonschema.Draft202012Validator(EVENT)


def faults(told: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in CHECKER.iter_errors(told)]


def read(home: Home, run_id: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lineage_file(home, run_id).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stages that do nothing; the gate of the second is closed where the currency is XXX."""

    def check(home: Home, settings: Settings, stage: str, *, run_id: str) -> list[Any]:
        if settings.currency == "XXX":
            raise CheckStopError("rows are missing", where=stage, remedy="Export them again")
        return []

    def act(_: Run) -> dict[str, Any]:
        return {"publication": "p", "report": "r"}

    monkeypatch.setattr(pipeline, "STAGES", (Stage("one", act), Stage("two", act, ("raw",))))
    monkeypatch.setattr(pipeline, "check", check)


def test_an_event_has_the_shape_of_the_specification() -> None:
    made = Source("file", "/landing/orders.csv", "Total", "TRANSFORMATION")
    output = Dataset(
        "duckdb:///w", "w.raw.orders", (("revenue", "DECIMAL(18,6)", None),), "Orders", {"revenue": [made]}
    )
    told = event(
        "COMPLETE",
        Job("load.orders", "SOURCE"),
        run_id="r",
        at=AT,
        parent=Job("load", "STAGE"),
        inputs=[Dataset("file", "/landing/orders.csv")],
        outputs=[output],
    )
    assert faults(told) == []
    assert told["run"]["facets"]["parent"]["run"]["runId"] == run_uuid("r", Job("load", "STAGE"))
    assert faults(event("FAIL", Job("run", "RUN"), run_id="r", at=AT, error="no room")) == []
    assert faults({**told, "eventType": "DONE"}) != [], "the shape can be told from others"


def test_a_run_begins_and_ends_each_stage_and_itself(home: Home, steps: None) -> None:
    outcome = run_all(home, Settings())
    told = read(home, outcome.run_id)
    assert [faults(each) for each in told] == [[]] * len(told)
    assert [(each["eventType"], each["job"]["name"]) for each in told] == [
        ("START", "run"), ("START", "one"), ("COMPLETE", "one"), ("START", "two"), ("COMPLETE", "two"),
        ("COMPLETE", "run"),
    ]  # fmt: skip
    assert len({each["run"]["runId"] for each in told}) == 3


def test_a_run_that_is_stopped_says_so_and_why(home: Home, steps: None) -> None:
    with pytest.raises(CheckStopError):
        run_all(home, Settings(currency="XXX"))
    told = read(home, last_runs(home, most=1)[0]["run_id"])
    assert [(each["eventType"], each["job"]["name"]) for each in told[-2:]] == [("FAIL", "two"), ("FAIL", "run")]
    assert [faults(each) for each in told] == [[]] * len(told)
    assert "rows are missing" in told[-1]["run"]["facets"]["errorMessage"]["message"]


def test_nothing_is_told_where_it_is_off(home: Home, steps: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run_all(home, Settings(lineage="off"))
    monkeypatch.setenv("OPENLINEAGE_DISABLED", "true")
    run_all(home, Settings())
    assert not (home.state / "lineage").exists()


def test_lineage_that_cannot_be_told_ends_no_run(home: Home, steps: None, monkeypatch: pytest.MonkeyPatch) -> None:
    home.state.mkdir(exist_ok=True)
    (home.state / "lineage").write_text("a file where a folder belongs", encoding="utf-8")
    first = run_all(home, Settings())
    monkeypatch.delenv("OPENLINEAGE_URL", raising=False)
    second = run_all(home, Settings(lineage="http"))
    for outcome in (first, second):
        assert outcome.record["status"] == "done"
        log = (home.state / "logs" / f"{outcome.run_id}.jsonl").read_text(encoding="utf-8")
        assert log.count("lineage_not_told") == 4
    assert "OPENLINEAGE_URL is no http or https address" in log


class Taker(BaseHTTPRequestHandler):
    """A server that takes events."""

    taken: list[tuple[str, str | None, dict[str, Any]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    Taker.taken = []
    server = HTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_over_http_each_event_is_one_request(home: Home, server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "k")
    monkeypatch.setenv("OPENLINEAGE_NAMESPACE", "acme")
    told = [event(kind, Job("run", "RUN"), run_id="r", at=AT) for kind in ("START", "COMPLETE")]
    send(home, Settings(lineage="http"), "r", told)
    assert Taker.taken == [("/api/v1/lineage", "Bearer k", one) for one in told]
    assert told[0]["job"]["namespace"] == "acme"
    assert not (home.state / "lineage").exists()
