"""Small files land two at a time, large ones alone, and receipts keep the order of the paths."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import NotReadyError
from pipelines.land import ingest
from pipelines.settings import Home, Settings
from tests.land.files import text, tweets


class Hands:
    """Stands before the landing of a file and sees how many are at it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.most, self.lock, self.begun = 0, 0, threading.Lock(), list[str]()
        land_file = ingest._land_file

        def watched(path: Path, *rest: Any) -> Any:
            with self.lock:
                self.now += 1
                self.begun.append(path.name)
                self.most = max(self.most, self.now)
            time.sleep(0.05)
            try:
                return land_file(path, *rest)
            finally:
                with self.lock:
                    self.now -= 1

        monkeypatch.setattr(ingest, "_land_file", watched)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    folder = found.landing / "x" / "acme"
    folder.mkdir(parents=True)
    for number in range(6):
        (folder / f"{number}.csv").write_text(text(tweets(100 + number, 200)), encoding="utf-8")
    return found


def test_small_files_land_two_at_a_time_and_are_told_in_the_order_of_their_paths(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(monkeypatch)
    receipts = ingest.land(home, Settings())
    assert hands.most == 2
    assert [receipt.path for receipt in receipts] == [f"x/acme/{number}.csv" for number in range(6)]
    assert {receipt.status for receipt in receipts} == {"loaded"}


def test_large_files_land_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", "1")
    hands = Hands(monkeypatch)
    assert {receipt.status for receipt in ingest.land(home, Settings())} == {"loaded"}
    assert hands.most == 1


def test_after_an_error_what_has_not_begun_waits(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, *_: Any) -> None:
        begun.append(path.name)
        raise NotReadyError("cannot be read", where=str(path))

    begun: list[str] = []
    monkeypatch.setattr(ingest, "HANDS", 1)
    monkeypatch.setattr(ingest, "_land_file", broken)
    with pytest.raises(NotReadyError, match="cannot be read"):
        ingest.land(home, Settings())
    assert len(begun) < 6
