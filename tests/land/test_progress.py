"""A bar for a person before a terminal, and nothing for a program."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from pipelines.land import source
from pipelines.land.bulk import read_bulk
from pipelines.land.progress import watching
from tests.land.files import text, tweets


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_the_reading_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CHUNK", 1000)
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    path = tmp_path / "tweets.csv.gz"
    content = text(tweets(*range(300))).encode()
    path.write_bytes(gzip.compress(content))
    seen: list[int] = []

    with watching(path) as watch:

        def both(read: int) -> None:
            seen.append(read)
            assert watch
            watch(read)

        assert read_bulk(path, watch=both)
    assert seen == sorted(seen)
    assert seen[-1] == len(content)
    assert "Reading tweets.csv.gz" in screen.getvalue()


def test_a_program_sees_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    with watching(tmp_path / "tweets.csv") as watch:
        assert watch is None
    assert screen.getvalue() == ""
