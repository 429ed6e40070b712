"""Notices reach a real web server and a real mail server, and one that is not there is named."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from pipelines.notify import Notice, late, notice_of, send
from pipelines.run.record import amend, fail
from pipelines.settings import Home, Settings
from scripts.stack.deployment import free_port

STOPPED = {
    "run_id": "20260901T020000Z-abc123",
    "status": "stopped",
    "stage": "validate",
    "error": {"what": "rows_add_up failed", "where": "x/a.csv", "remedy": "Keep the file, report it"},
}


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What a web server on this machine is sent."""
    taken: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SOCIAL_ROI_WEBHOOK", f"http://127.0.0.1:{server.server_port}/hook")
    yield taken
    server.shutdown()
    server.server_close()


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What a mail server on this machine is sent."""
    taken: list[Any] = []

    class Receiver:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
            taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
            return "250 taken"

    controller = Controller(Receiver(), hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setenv("SOCIAL_ROI_SMTP", f"smtp://127.0.0.1:{controller.port}")
    yield taken
    controller.stop()


def test_a_stopped_run_is_told_with_its_check_and_the_way_out(posts: list[dict[str, Any]]) -> None:
    assert send(notice_of(STOPPED), Settings()) == []
    (told,) = posts
    assert told["stage"] == "validate"
    assert told["run_id"] == STOPPED["run_id"]
    for part in ("stopped by a check", "x/a.csv: rows_add_up failed", "What to do: Keep the file, report it"):
        assert part in told["text"]


def test_mail_goes_to_whom_the_settings_name(mails: list[Any]) -> None:
    settings = Settings(notify_by_email=("night@acme.example", "boss@acme.example"))
    assert send(notice_of(STOPPED), settings) == []
    ((receivers, message),) = mails
    assert receivers == ["night@acme.example", "boss@acme.example"]
    assert "stopped by a check in validate" in message["Subject"]
    assert "rows_add_up failed" in message.get_payload()


def test_nothing_is_sent_where_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOCIAL_ROI_WEBHOOK", "SOCIAL_ROI_SMTP"):
        monkeypatch.delenv(name, raising=False)
    assert send(Notice("test"), Settings(notify_by_email=("night@acme.example",))) == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/hook", "file:///etc/passwd"])
def test_a_receiver_that_is_not_there_is_named_and_nothing_is_raised(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("SOCIAL_ROI_WEBHOOK", address)
    (fault,) = send(Notice("test"), Settings())
    assert "webhook" in fault.lower()


def test_a_late_run_is_told_with_the_last_stage_that_ended(
    posts: list[dict[str, Any]], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIAL_ROI_HOME", str(tmp_path))
    amend(Home(tmp_path), "20260901T020000Z-abc123", seconds={"load": 2.0})
    late(hours=4, context={})
    assert "not ended 4 hours" in posts[0]["text"]
    assert "load" in posts[0]["text"]


def test_the_record_of_a_failure_gives_its_notice(tmp_path: Any) -> None:
    home = Home(tmp_path)
    amend(home, "r1")
    fail(home, "r1", stage="transform", error=ValueError("a model broke"))
    notice = notice_of(amend(home, "r1"))
    assert (notice.stage, notice.what) == ("transform", "a model broke")
    assert "failed in transform" in notice.subject
