"""Files that change or go away while they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.lake import readings_folder, receipts_folder
from pipelines.land import ingest, land
from pipelines.load import load
from pipelines.settings import Home, Settings
from tests.land.files import text, tweets


@pytest.fixture
def export(home: Home) -> Path:
    path = home.landing / "x" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_text(text(tweets(100)), encoding="utf-8")
    return path


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: object) -> None:
    """Let something happen to the file between its digest and its reading, as another program would."""
    real = ingest._read

    def read(path: Path, *rest: object) -> object:
        happens(path)  # type: ignore[operator]
        return real(path, *rest)

    monkeypatch.setattr(ingest, "_read", read)


def test_a_file_still_being_written_is_told_of_and_left_to_the_next_run(
    home: Home, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(path: Path) -> None:
        path.write_text(text(tweets(100, 200)), encoding="utf-8")

    with monkeypatch.context() as during:
        meanwhile(during, grow)
        (receipt,) = land(home, Settings())
    assert (receipt.status, receipt.path) == ("refused", "x/a.csv")
    assert "still being written" in str(receipt.reason)
    assert not receipts_folder(home).exists()
    assert not readings_folder(home).exists()
    assert [again.rows_loaded for again in land(home, Settings())] == [2]
    assert load(home, Settings()).rows["action_metrics"] == 2


def test_a_file_that_goes_away_is_told_of(home: Home, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as during:
        meanwhile(during, Path.unlink)
        (receipt,) = land(home, Settings())
    assert receipt.status == "refused"
    assert "went away" in str(receipt.reason)
    assert land(home, Settings()) == []
