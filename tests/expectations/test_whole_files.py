"""What Great Expectations keeps is there whole or not at all, whenever a process is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Home, Settings
from pipelines.validate import validate


def suites(home: Home) -> list[Path]:
    return sorted((home.state / "gx" / "expectations").rglob("*.json"))


def test_a_suite_is_never_seen_in_part(home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    validate(home, settings, "raw", run_id="night-1", docs=False)
    before = {path: path.read_bytes() for path in suites(home)}
    assert before
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        validate(home, settings, "raw", run_id="night-2", docs=False)
    assert {path: path.read_bytes() for path in suites(home)} == before
    kept = [path for path in (home.state / "gx" / "expectations").rglob("*") if path.is_file()]
    assert [path for path in kept if path.name.split(".")[-1].isdigit()] == [], "nothing is left beside them"


def test_one_that_an_earlier_version_left_empty_is_written_anew(home: Home, settings: Settings) -> None:
    validate(home, settings, "raw", run_id="night-1", docs=False)
    before = {path: len(path.read_bytes()) for path in suites(home)}
    for path in before:
        path.write_bytes(b"")
    validate(home, settings, "raw", run_id="night-2", docs=True)
    assert {path: len(path.read_bytes()) for path in suites(home)} == before
