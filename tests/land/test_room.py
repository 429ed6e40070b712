"""A file that can only be read row by row, and is too large for that, is refused with the way out."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.land import explain_file, land
from pipelines.settings import Home, Settings
from tests.land.conftest import Landing
from tests.land.files import text, tweets

CONTENT = text(tweets(*range(300))).encode()


def _zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
        archive.writestr("b.csv", content + b"\r\n")
        archive.writestr("photo.jpg", bytes(10_000_000))
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", CONTENT), ("a.csv.gz", gzip.compress(CONTENT)), ("a.zip", _zipped(CONTENT))],
)
def test_more_text_than_there_is_room_for(
    land_bytes: Landing, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", "1")
    monkeypatch.setattr("pipelines.land.ingest.read_large", lambda *_, **__: None)
    monkeypatch.setenv("SOCIAL_ROI_ROWS_BYTES", str(len(CONTENT) - 1))
    receipt = land_bytes(f"x/{name}", content)
    assert receipt.status == "refused"
    assert "row by row" in (receipt.reason or "")
    assert "SOCIAL_ROI_ROWS_BYTES" in (receipt.reason or "")
    monkeypatch.setenv("SOCIAL_ROI_ROWS_BYTES", str(3 * len(CONTENT)))
    assert "row by row" not in (land_bytes(f"x/{name}", content).reason or "")


def test_what_the_engine_reads_needs_no_room(land_bytes: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", "1")
    monkeypatch.setenv("SOCIAL_ROI_ROWS_BYTES", "1")
    assert land_bytes("x/a.csv", text(tweets(*range(300))).encode()).status == "loaded"


def test_a_large_file_is_looked_at_and_copied_without_being_held_whole(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(path: Path) -> bytes:
        raise AssertionError(f"{path} was read whole")

    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", "1")
    monkeypatch.setattr("pipelines.land.glance.bytes_of", held)
    monkeypatch.setattr("pipelines.land.ingest.bytes_of", held)
    file = tmp_path / "elsewhere" / "tweets.csv"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    explained = explain_file(file, home=home, settings=Settings())
    assert (explained.receipt.source, explained.receipt.rows_loaded) == ("x", 300)
    assert ("Tweet id", "action_id") in {(column.column, column.field) for column in explained.columns}
    (receipt,) = land(home, Settings(), paths=[file])
    assert (receipt.path, receipt.status) == ("x/tweets.csv", "loaded")
    assert (home.landing / "x" / "tweets.csv").read_bytes() == CONTENT
