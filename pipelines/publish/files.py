"""Put files on disk for good, flip symlinks to them, and clear away what is no longer kept."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

STALE_AFTER_SECONDS = 24 * 3600
LINK = "roi.duckdb"
"""The symlink in ``published/`` that readers open."""


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Wait until everything in a folder is on disk."""
    for path in (folder, *folder.rglob("*")):
        sync(path)


def point(link: Path, target: Path) -> None:
    """Flip a symlink, by a name relative to it, in one step."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent))
    fresh.replace(link)


def remove_older(versions: Path, *, keep: int, current: str) -> None:
    """Remove all but the current publication and the latest ``keep`` before it."""
    files = sorted(versions.glob("roi-*.duckdb"), reverse=True)
    others = [path for path in files if path.stem != f"roi-{current}"]
    for path in others[keep:]:
        path.unlink()
        shutil.rmtree(versions / path.stem.removeprefix("roi-"), ignore_errors=True)


def remove_stale(versions: Path) -> None:
    """Remove what runs that were killed left behind: candidates whose process is gone, or that are a day old."""
    for path in versions.glob(".candidate-*"):
        maker = path.name.removeprefix(".candidate-").split("-", 1)[0]
        is_gone = maker.isdigit() and not _is_alive(int(maker))
        if is_gone or time.time() - path.stat().st_mtime > STALE_AFTER_SECONDS:
            remove(path)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
