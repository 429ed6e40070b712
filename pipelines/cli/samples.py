"""Fill the landing folder for a demo: with a sample company, or with a folder of one's own exports."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from pipelines.cli.session import require_folder
from pipelines.errors import UsageError
from pipelines.settings import Home

SEED = 20260831
DAYS = 180


def fill_landing(home: Home, *, folder: Path | None, days: int = DAYS) -> str:
    """Make a demo's landing folder hold one company, and say what was done. Safe to repeat.

    Two companies in one home would be added up, so when a demo of another company is there it is set aside
    whole, in ``earlier/``. A home with exports that no demo has laid there is never given sample exports.

    Args:
        home: the deployment.
        folder: one's own exports, as ``<source>/<file>``; without it a sample company is written.
        days: how much history the sample has.

    Raises:
        UsageError: the folder cannot be read or is the home itself, or the home holds somebody's own exports.
    """
    company = f"sample of {days} days" if folder is None else str(folder.resolve())
    if folder is not None:
        require_folder(folder, remedy="--landing takes a folder of exports")
        if home.root == folder.resolve() or home.root in folder.resolve().parents:
            raise UsageError("--landing is inside the home folder", where=str(folder), remedy="Use `social-roi run`")
    earlier = _company(home)
    if earlier is None and folder is None and _has_files(home.landing):
        raise UsageError(
            "holds exports that are not the sample's",
            where=str(home.landing),
            remedy="Use `social-roi run`, or give the demo another --home",
        )
    told = _set_aside(home, earlier) if earlier not in (None, company) else ""
    if folder is not None:
        told += f"{_copy_new(folder, home.landing)} new files copied from {folder}"
    elif earlier == company and _has_files(home.landing):
        told += "sample exports are in place"
    else:
        told += f"{_write_sample(home, days)} sample exports written"
    _marker(home).parent.mkdir(parents=True, exist_ok=True)
    _marker(home).write_text(json.dumps({"company": company}) + "\n", encoding="utf-8")
    return told


def _marker(home: Home) -> Path:
    return home.state / "demo.json"


def _company(home: Home) -> str | None:
    path = _marker(home)
    return str(json.loads(path.read_text(encoding="utf-8"))["company"]) if path.exists() else None


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def _set_aside(home: Home, company: str | None) -> str:
    """Move what an earlier demo made to ``earlier/<moment>``; the settings stay."""
    place = home.root / "earlier" / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"
    place.mkdir(parents=True)
    for part in (home.landing, home.lake, home.warehouse, home.published, home.state):
        if part.exists():
            part.rename(place / part.name)
    return f"the earlier demo ({company}) is set aside in {place}; "


def _write_sample(home: Home, days: int) -> int:
    from pipelines.simulate import write_company

    home.landing.mkdir(parents=True, exist_ok=True)
    return len(write_company(home.landing, seed=SEED, days=days))


def _copy_new(folder: Path, landing: Path) -> int:
    """Copy the files that the landing folder does not hold yet with the same bytes; hidden ones are left."""
    copied = 0
    landing.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in place.parts):
            continue
        target = landing / place
        if target.exists() and _same_bytes(path, target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        shutil.copystat(path, target)
        target.chmod(0o644)
        copied += 1
    return copied


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(1 << 20):
            if chunk != right.read(1 << 20):
                return False
    return True
