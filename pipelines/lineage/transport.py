"""Where events go: a file in the home, or a server that takes OpenLineage over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from pipelines.errors import NotReadyError
from pipelines.settings import Home, Settings

PATIENCE = 5.0
"""Seconds for a server to take an event."""


def lineage_file(home: Home, run_id: str) -> Path:
    """Where the events of a run are, one JSON object a line."""
    return home.state / "lineage" / f"{run_id}.jsonl"


def is_off(settings: Settings) -> bool:
    """Whether nothing is sent: by ``lineage: off``, or by the variable that every OpenLineage client heeds."""
    return settings.lineage == "off" or os.environ.get("OPENLINEAGE_DISABLED", "").lower() == "true"


def send(home: Home, settings: Settings, run_id: str, events: Iterable[dict[str, Any]]) -> None:
    """Send events to where ``lineage`` in ``roi.yml`` says.

    Raises:
        NotReadyError: they go over HTTP and ``OPENLINEAGE_URL`` is no address.
        OSError: the file cannot be written, or the server does not take them.
    """
    if is_off(settings):
        return
    if settings.lineage == "http":
        _post(events)
        return
    path = lineage_file(home, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in events)
    with path.open("a", encoding="utf-8") as book:
        book.write(lines)


def _post(events: Iterable[dict[str, Any]]) -> None:
    address = os.environ.get("OPENLINEAGE_URL", "")
    if urlsplit(address).scheme not in ("http", "https"):
        raise NotReadyError("lineage is http and OPENLINEAGE_URL is no http or https address", where="roi.yml: lineage")
    endpoint = urljoin(address.rstrip("/") + "/", os.environ.get("OPENLINEAGE_ENDPOINT") or "api/v1/lineage")
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("OPENLINEAGE_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    for event in events:
        request = Request(endpoint, json.dumps(event).encode(), headers)  # noqa: S310 - checked above
        with urlopen(request, timeout=PATIENCE):  # noqa: S310 - checked above
            pass
