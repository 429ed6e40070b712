"""scripts/container/healthy.py tells a live component from a dead one, and says which."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

HEALTH = {
    "metadatabase": {"status": "healthy"},
    "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": "2026-01-01T00:00:00Z"},
    "dag_processor": {"status": None, "latest_dag_processor_heartbeat": None},
}


class ApiServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(HEALTH).encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), ApiServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/v2/monitor/health"
    server.shutdown()
    server.server_close()


def check(root: Path, component: str, url: str) -> subprocess.CompletedProcess[str]:
    script = root / "scripts" / "container" / "healthy.py"
    return subprocess.run(
        [sys.executable, str(script), component, url], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize("component", ["metadatabase", "scheduler"])
def test_live_component_is_healthy(root: Path, url: str, component: str) -> None:
    assert check(root, component, url).returncode == 0


@pytest.mark.parametrize("component", ["dag_processor", "triggerer"])
def test_silent_component_is_not(root: Path, url: str, component: str) -> None:
    result = check(root, component, url)
    assert result.returncode == 1
    assert f"{component} is None" in result.stderr


def test_absent_api_server_is_not_healthy(root: Path) -> None:
    result = check(root, "scheduler", "http://127.0.0.1:9/health")
    assert result.returncode == 1
    assert "does not answer" in result.stderr
