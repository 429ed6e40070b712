"""What a demo lays in the landing folder: one company at a time, never over somebody's own exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.samples import fill_landing
from pipelines.errors import UsageError
from pipelines.settings import Home


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "orders").mkdir(parents=True)
    (folder / "orders" / "a.csv").write_text("one", encoding="utf-8")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "b.csv").write_text("two", encoding="utf-8")
    return folder


def test_the_sample_is_written_once_and_is_the_same_everywhere(home: Home, tmp_path: Path) -> None:
    assert "exports written" in fill_landing(home, folder=None, days=20)
    assert fill_landing(home, folder=None, days=20) == "sample exports are in place"
    other = Home(tmp_path / "other")
    fill_landing(other, folder=None, days=20)
    assert len(files(home.landing)) > 10
    assert {name: (home.landing / name).read_bytes() for name in files(home.landing)} == {
        name: (other.landing / name).read_bytes() for name in files(other.landing)
    }


def test_own_exports_are_copied_once_and_hidden_files_left(home: Home, own: Path) -> None:
    assert fill_landing(home, folder=own).startswith("1 new files")
    assert fill_landing(home, folder=own).startswith("0 new files")
    assert files(home.landing) == ["orders/a.csv"]
    (own / "orders" / "a.csv").write_text("six", encoding="utf-8")
    assert fill_landing(home, folder=own).startswith("1 new files")
    assert (home.landing / "orders" / "a.csv").read_text(encoding="utf-8") == "six"


def test_another_company_is_set_aside_whole(home: Home, own: Path) -> None:
    fill_landing(home, folder=None, days=20)
    sample = files(home.landing)
    home.warehouse.write_bytes(b"x")
    home.settings_file.write_text("currency: CHF\n", encoding="utf-8")
    assert "set aside" in fill_landing(home, folder=own)
    assert files(home.landing) == ["orders/a.csv"]
    assert not home.warehouse.exists()
    assert home.settings_file.exists()
    (place,) = (home.root / "earlier").iterdir()
    assert files(place / "landing") == sample
    assert (place / "warehouse.duckdb").exists()


def test_the_sample_is_never_laid_beside_somebodys_own_exports(home: Home, own: Path) -> None:
    home.landing.mkdir(parents=True)
    (home.landing / "mine.csv").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="not the sample's"):
        fill_landing(home, folder=None, days=20)
    assert files(home.landing) == ["mine.csv"]


def test_the_home_itself_is_no_folder_of_exports(home: Home) -> None:
    home.landing.mkdir(parents=True)
    with pytest.raises(UsageError, match="inside the home"):
        fill_landing(home, folder=home.landing)
