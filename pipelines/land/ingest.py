"""Landing files: each becomes a reading in the lake with its receipt. Any number of files may land side by side:
nothing is written but new files, moved into place when they are whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from pipelines.errors import UsageError
from pipelines.lake import KEPT, Receipt, read_receipt, readings_folder, receipts_folder
from pipelines.land.evidence import hints_from
from pipelines.land.reading import Outcome, read_file, reading_id, source_of
from pipelines.settings import Home, Settings
from pipelines.spec import load_specs

_UNFINISHED = (".tmp", ".part", ".crdownload", ".download")


def inspect_file(path: Path, *, home: Home, settings: Settings) -> Receipt:
    """Say what a file is and what would become of it; loads and keeps nothing.

    Raises:
        UsageError: there is no such file, or it cannot be read.
    """
    relative = _relative(path, home)
    return read_file(relative, _bytes(path), settings).receipt


def land(
    home: Home, settings: Settings, *, paths: Sequence[Path] | None = None, source: str | None = None
) -> list[Receipt]:
    """Land what is new: read each file, keep its rows and its receipt in the lake.

    Args:
        paths: files and folders to take; those outside ``landing/`` are copied into it first. All of ``landing/``
            where none is given.
        source: only files that lie in this source's folders; the empty text takes those in no known folder.

    Returns:
        One receipt for each file, in the order of their paths; a file read before keeps its receipt.

    Raises:
        UsageError: a path does not exist or cannot be read.
    """
    if paths is None:
        home.landing.mkdir(parents=True, exist_ok=True)
        files = list(_files_below(home.landing))
    else:
        files = sorted({_into_landing(file, top, home) for top in paths for file in _files_below(top)})
    receipts = []
    for file in files:
        relative = _relative(file, home)
        if source is None or (hints_from(relative).source or "") == source:
            receipts.append(_land_file(file, relative, home, settings))
    return receipts


def _files_below(top: Path) -> Iterator[Path]:
    """The files of a folder in the order of their paths, without hidden and half-downloaded ones."""
    if top.is_file():
        yield top
        return
    if not top.is_dir():
        raise UsageError("there is no such file or folder", where=str(top))
    try:
        entries = sorted(top.iterdir())
    except OSError as error:
        raise UsageError(f"cannot be listed: {error.strerror}", where=str(top)) from error
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.suffix in _UNFINISHED:
            continue
        yield from _files_below(entry)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _relative(path: Path, home: Home) -> PurePosixPath:
    """The path below ``landing/``; outside of it, from the first folder that names a source or network."""
    resolved, landing = path.resolve(), home.landing.resolve()
    if resolved.is_relative_to(landing):
        return PurePosixPath(resolved.relative_to(landing).as_posix())
    known = {*load_specs(), *(network for spec in load_specs().values() for network in spec.networks)}
    for index, part in enumerate(resolved.parts[:-1]):
        if part in known:
            return PurePosixPath(*resolved.parts[index:])
    return PurePosixPath(resolved.name)


def _into_landing(path: Path, top: Path, home: Home) -> Path:
    """Copy a file from elsewhere to where it belongs below ``landing/``; the same file is not copied twice."""
    if path.resolve().is_relative_to(home.landing.resolve()):
        return path.resolve()
    relative = _relative(path, home)
    if len(relative.parts) == 1:
        below = path.resolve().relative_to(top.resolve()) if top.is_dir() else Path(path.name)
        source = source_of(_bytes(path), name=path.name)
        relative = PurePosixPath(source or "unsorted", below.as_posix())
    target = home.landing / relative
    content = _bytes(path)
    if target.exists() and target.read_bytes() != content:
        digest = hashlib.sha256(content).hexdigest()[:8]
        target = target.with_name(f"{target.stem}.{digest}{target.suffix}")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, content)
    return target.resolve()


def _write_whole(target: Path, content: bytes) -> None:
    """Write a file so that nobody sees it half written."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".tmp", delete=False) as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    Path(handle.name).replace(target)


def _land_file(path: Path, relative: PurePosixPath, home: Home, settings: Settings) -> Receipt:
    content = _bytes(path)
    sha256 = hashlib.sha256(content).hexdigest()
    place = hashlib.sha256(str(relative).encode()).hexdigest()[:16]
    receipt_path = receipts_folder(home) / f"{sha256[:16]}-{place}.json"
    if receipt_path.exists():
        known = _known(receipt_path)
        is_kept = known and (known.status not in KEPT or (readings_folder(home) / known.reading_id).is_dir())
        if known and is_kept and known.reading_id == reading_id(sha256, relative, settings, known.source):
            return known
    outcome = read_file(relative, content, settings)
    receipt = outcome.receipt
    _keep(outcome, receipt, home)
    receipt_path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(receipt_path, json.dumps(receipt.to_dict(), ensure_ascii=False, indent=1).encode())
    return receipt


def _known(path: Path) -> Receipt | None:
    """The receipt that lies there; None where an older program wrote one that cannot be read: then it is made anew."""
    try:
        return read_receipt(path)
    except (ValueError, TypeError, KeyError):
        return None


def _keep(outcome: Outcome, receipt: Receipt, home: Home) -> None:
    """Write a reading's rows, then move them into place as one folder."""
    if not outcome.write_to:
        return
    folder = readings_folder(home) / receipt.reading_id
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix="."))
    try:
        outcome.write_to(temporary)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
