"""A disk that fills up in the middle of a night: one clear line, nothing published, and the next night mends all.

The home lies on a file system of its own, in memory, which is filled until only so much is free. Mounting asks for an
account that may; where this one may not, the test is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.publish import latest, table_hashes
from pipelines.settings import Home
from tests.land.files import text, tweets

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SIZE = 96 << 20
FREE = (8 << 10, 256 << 10, 8 << 20)
"""Bytes left: too few to land a file, to load it, to publish."""


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk, mounted."""
    place = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no right to mount a file system: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def run(home: Home, key: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "--home", str(home.root), "run"]
    environment = os.environ | {"SOCIAL_ROI_KEY_FILE": str(key)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def lay(home: Home, name: str, *counts: int) -> None:
    path = home.landing / "x" / "acme" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(tweets(*counts)), encoding="utf-8")


def said(home: Home) -> dict[str, str]:
    path = latest(home)
    assert path is not None
    return table_hashes(path)


def fill(disk: Path, free: int) -> Path:
    """Fill a disk until so many bytes are free."""
    filler = disk / "filler"
    size = shutil.disk_usage(disk).free - free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return filler


def test_a_full_disk_stops_cleanly_wherever_it_fills_up(disk: Path, tmp_path: Path) -> None:
    home, key = Home(disk / "home"), tmp_path / "key"
    lay(home, "a.csv", 100, 200)
    done = run(home, key)
    assert done.returncode == 0, done.stderr
    before = said(home)
    lay(home, "b.csv", 150, 260)
    quiet = Home(tmp_path / "quiet")
    shutil.copytree(home.root, quiet.root, symlinks=True)
    reached = set()
    for free in FREE:
        filler = fill(disk, free)
        stopped = run(home, key)
        *stages, last = stopped.stderr.strip().splitlines()
        assert (stopped.returncode, said(home)) == (1, before), stopped.stderr
        assert "Free space" in last, stopped.stderr
        reached |= {line.split("s  ")[1] for line in stages[-1:]}
        filler.unlink()
    assert len(reached) >= 3
    assert run(home, key).returncode == 0
    assert run(quiet, key).returncode == 0
    assert said(home) == said(quiet) != before
