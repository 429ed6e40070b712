"""A home of one's own for each test, and a short way to land bytes in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.lake import Receipt
from pipelines.land import land
from pipelines.settings import Answer, Home, Settings

Landing = Callable[..., Receipt]


@pytest.fixture(autouse=True)
def _own_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path_factory.getbasetemp() / "identifiers.key"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def land_bytes(home: Home) -> Landing:
    """Land one file at a path below ``landing/``, with answers for it."""

    def put(path: str, content: bytes | str, **answers: object) -> Receipt:
        target = home.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        given = (Answer.model_validate({"files": "*", **answers}),) if answers else ()
        receipts = land(home, Settings(answers=given))
        return next(receipt for receipt in receipts if receipt.path == path)

    return put
