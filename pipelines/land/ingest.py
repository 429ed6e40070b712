"""Landing files: each becomes a reading in the lake with its receipt. Any number of files may land side by side:
nothing is written but new files, moved into place when they are whole."""

from __future__ import annotations

import filecmp
import hashlib
import io
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path, PurePosixPath
from typing import IO

from pipelines.errors import NotReadyError, UsageError
from pipelines.lake import KEPT, Receipt, read_receipt, readings_folder, receipts_folder
from pipelines.land.bulk import is_large
from pipelines.land.evidence import hints_from
from pipelines.land.glance import bytes_of, most_by_rows, recognise_file
from pipelines.land.progress import watching
from pipelines.land.reading import Outcome, read_file, read_large, reading_id, refuse_large
from pipelines.land.source import unpacked_size
from pipelines.settings import Home, Settings
from pipelines.spec import load_specs

HANDS = 2
"""Files that land at the same time: the engine works on one while Python is busy with another."""
_LARGE = threading.Lock()
_UNFINISHED = (".tmp", ".part", ".crdownload", ".download")


def inspect_file(path: Path, *, home: Home, settings: Settings) -> Receipt:
    """Say what a file is and what would become of it; loads and keeps nothing.

    Raises:
        NotReadyError: there is no such file, or it cannot be read.
    """
    return _read(path, place_of(path, home), _digest(path), settings).receipt


def _read(path: Path, relative: PurePosixPath, sha256: str, settings: Settings) -> Outcome:
    """Read one file: a large one where it lies if that can be; what is left row by row, up to a size."""
    if is_large(path):
        with watching(path) as watch:
            outcome = read_large(path, relative, sha256, settings, watch=watch)
        if outcome is not None:
            return outcome
        if (size := unpacked_size(path)) > (most := most_by_rows()):
            return refuse_large(relative, sha256, settings, size=size, most=most)
    return read_file(relative, bytes_of(path), settings)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotReadyError(f"cannot be read: {error.strerror}", where=str(path)) from error


Wanted = Callable[[Path, Receipt], bool]
"""Whether a file is to be taken, from what it says; a file is read once to be asked and taken."""


def land(
    home: Home,
    settings: Settings,
    *,
    paths: Sequence[Path] | None = None,
    source: str | None = None,
    wanted: Wanted | None = None,
) -> list[Receipt]:
    """Land what is new: read each file, keep its rows and its receipt in the lake.

    Args:
        paths: files and folders to take; those outside ``landing/`` are copied into it first. All of ``landing/``
            where none is given.
        source: only files that lie in this source's folders; the empty text takes those in no known folder.
        wanted: only files of which this is true.

    Returns:
        One receipt for each file, in the order of their paths; a file read before keeps its receipt.

    Raises:
        UsageError: a path does not exist.
        NotReadyError: it cannot be read.
    """
    if paths is None:
        home.landing.mkdir(parents=True, exist_ok=True)
        files = list(_files_below(home.landing))
    else:
        files = sorted({_into_landing(file, top, home) for top in paths for file in _files_below(top)})
    placed = [(file, place_of(file, home)) for file in files]
    mine = [each for each in placed if source is None or (hints_from(each[1]).source or "") == source]
    with ThreadPoolExecutor(HANDS) as hands:
        landing = [hands.submit(_land_settled, *each, home, settings, wanted) for each in mine]
        try:
            found = [each.result() for each in landing]
        finally:
            hands.shutdown(cancel_futures=True)  # after an error, what has not begun waits for the next run
    return [receipt for (file, _), receipt in zip(mine, found, strict=True) if wanted is None or wanted(file, receipt)]


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
        raise NotReadyError(f"cannot be listed: {error.strerror}", where=str(top)) from error
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.suffix in _UNFINISHED:
            continue
        yield from _files_below(entry)


def place_of(path: Path, home: Home) -> PurePosixPath:
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
    relative = place_of(path, home)
    if len(relative.parts) == 1:
        below = path.resolve().relative_to(top.resolve()) if top.is_dir() else Path(path.name)
        recognition = recognise_file(path, PurePosixPath(path.name))
        tables = recognition.tables if recognition else []
        relative = PurePosixPath(tables[0].match.spec.source if tables else "unsorted", below.as_posix())
    target = home.landing / relative
    if target.exists() and not filecmp.cmp(path, target, shallow=False):
        target = target.with_name(f"{target.stem}.{_digest(path)[:8]}{target.suffix}")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            _write_whole(target, file)
    return target.resolve()


def _write_whole(target: Path, content: IO[bytes]) -> None:
    """Write a file so that nobody sees it half written."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".tmp", delete=False) as handle:
        shutil.copyfileobj(content, handle)
        handle.flush()
        os.fsync(handle.fileno())
    Path(handle.name).replace(target)


def _land_settled(
    path: Path, relative: PurePosixPath, home: Home, settings: Settings, wanted: Wanted | None
) -> Receipt:
    """Land a file that holds still; one that changes or goes away meanwhile is told of, and left to the next run."""
    try:
        with _alone(path):
            receipt = _land_file(path, relative, home, settings, wanted)
    except (NotReadyError, FileNotFoundError):
        if path.exists():
            raise
        receipt = None
    if receipt is not None:
        return receipt
    how = "is still being written: it changed while it was read" if path.exists() else "went away while it was read"
    return Receipt("", "", str(relative), "", status="refused", reason=f"{how}; the next run takes what is there then")


def _alone(path: Path) -> AbstractContextManager[object]:
    """Large files land one after the other, since each may take the memory that there is for one."""
    return _LARGE if is_large(path) else nullcontext()


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of a file, by which a change of it shows; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _land_file(
    path: Path, relative: PurePosixPath, home: Home, settings: Settings, wanted: Wanted | None
) -> Receipt | None:
    """The receipt of a file, read if it is new, and kept if it is wanted; None, and nothing kept, where it changed
    while it was read."""
    before = _state(path)
    sha256 = _digest(path)
    place = hashlib.sha256(str(relative).encode()).hexdigest()[:16]
    receipt_path = receipts_folder(home) / f"{sha256[:16]}-{place}.json"
    if receipt_path.exists():
        known = _known(receipt_path)
        is_kept = known and (known.status not in KEPT or (readings_folder(home) / known.reading_id).is_dir())
        if known and is_kept and known.reading_id == reading_id(sha256, relative, settings, known.source):
            return known
    outcome = _unless_draft(_read(path, relative, sha256, settings))
    if _state(path) != before:
        return None
    receipt = outcome.receipt
    if wanted is not None and not wanted(path, receipt):
        return receipt
    _keep(outcome, receipt, home)
    receipt_path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(receipt_path, io.BytesIO(json.dumps(receipt.to_dict(), ensure_ascii=False, indent=1).encode()))
    return receipt


def _unless_draft(outcome: Outcome) -> Outcome:
    """An outcome that waits where the specification that read it is a draft: guesses are looked at, never loaded."""
    receipt = outcome.receipt
    if receipt.status != "loaded" or receipt.source is None or not load_specs()[receipt.source].draft:
        return outcome
    asked = f"draft: {receipt.source}.yml is a draft: look at each '# ?' in it, then take its line `draft: true` out"
    return Outcome(receipt.at(receipt.path, status="needs_answer", reason=asked))


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
