"""One company, built and written once, and the real exports where this machine has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.simulate import write_company
from pipelines.simulate.world import World, build_world

SEED, DAYS, END = 7, 120, date(2026, 8, 31)
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(seed=SEED, days=DAYS, scale=1.0, end=END)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("company")
    write_company(out, seed=SEED, days=DAYS, end=END)
    return out


@pytest.fixture(scope="session")
def real_exports() -> Path:
    folder = REPOSITORY.parent / "shared" / "exports"
    if not folder.is_dir():
        pytest.skip("the real sample exports are not on this machine")
    return folder


def only(folder: Path, pattern: str) -> Path:
    """The one file below a folder that matches."""
    found = sorted(folder.rglob(pattern))
    assert len(found) == 1, found
    return found[0]
