"""Nothing that names a person, and nothing that was written, reaches the lake from a copy of one's data."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import duckdb
import pytest

from pipelines.land.reading import read_file
from tests.conformance.cases import cases

TELLING = ("secret", "muster", "ben@", "ada@", "sam seller", "sam-seller", "hello", "to all", "never sent")
PARTS = ("connections", "messages", "invitations", "comments", "reactions", "archive")
ARCHIVES = [case for case in cases() if case.source == "linkedin" and case.file.startswith(PARTS)]


@pytest.mark.parametrize("case", ARCHIVES, ids=lambda case: case.id)
def test_no_name_and_no_word_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: object) -> None:
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path / "key"))
    outcome = read_file(PurePosixPath(case.path), case.content(), case.settings)  # type: ignore[attr-defined]
    assert outcome.write_to
    outcome.write_to(tmp_path)
    files = list(tmp_path.glob("*.parquet"))
    kept = " ".join(str(duckdb.sql(f"select * from '{file}'").fetchall()) for file in files).casefold()
    assert len(kept) > 20
    told = str(outcome.receipt).casefold()
    assert [word for word in TELLING if word in kept or word in told] == []
