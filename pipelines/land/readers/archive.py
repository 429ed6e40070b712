"""Zip and gzip: their members, within bounds that no honest export reaches."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from datetime import date

from pipelines.errors import UnreadableFileError

MAX_MEMBERS = 200_000
MAX_EXPANDED = 8 * 1024**3
MAX_RATIO = 250
"""Text packs 3 to 40 times, repetitive text 100 times; a bomb a thousand times."""
SMALL = 32 * 1024**2
"""What expands to less than this is read however well it is packed."""
_AGAIN = "Export it again"


def is_zip(data: bytes) -> bool:
    """A zip that is no workbook; a damaged one counts as an archive."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not any(name.startswith("xl/workbook.") for name in archive.namelist())
    except zipfile.BadZipFile:
        return True


def is_gzip(data: bytes) -> bool:
    """Told by its first bytes."""
    return data.startswith(b"\x1f\x8b")


def _refuse_bomb(expanded: int, packed: int, *, name: str) -> None:
    if expanded > MAX_EXPANDED or (expanded > SMALL and expanded > MAX_RATIO * max(packed, 1)):
        raise UnreadableFileError(
            f"{packed:,} packed bytes expand to {expanded:,} or more: no export does that",
            where=name,
            remedy="Unpack it yourself if you trust it, and land what it holds",
        )


def gunzip(data: bytes, *, name: str) -> bytes:
    """What the gzip holds.

    Raises:
        UnreadableFileError: damaged, or it expands beyond all measure.
    """
    bound = min(MAX_EXPANDED, max(SMALL, MAX_RATIO * len(data)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(bound + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFileError(f"the gzip is damaged: {error}", where=name, remedy=_AGAIN) from error
    _refuse_bomb(len(content), len(data), name=name)
    return content


def check_workbook(data: bytes, *, name: str) -> None:
    """Refuse a workbook (a zip too) that would expand beyond all measure.

    Raises:
        UnreadableFileError: it would.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(sum(info.file_size for info in archive.infolist()), len(data), name=name)
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(f"the workbook is damaged: {error}", where=name, remedy=_AGAIN) from error


def open_zip(data: bytes, *, name: str) -> list[tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    """The members of a zip by name. A member never gives more bytes than its entry declares.

    Raises:
        UnreadableFileError: damaged, empty, encrypted, too many members, or it expands beyond all measure.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(f"the zip is damaged: {error}", where=name, remedy=_AGAIN) from error
    members = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
    if not members:
        raise UnreadableFileError("the zip holds no file", where=name, remedy=_AGAIN)
    if any(info.flag_bits & 1 for info in members):
        raise UnreadableFileError("the zip has a password", where=name, remedy="Save it without one")
    if len(members) > MAX_MEMBERS:
        raise UnreadableFileError(f"the zip holds {len(members):,} files", where=name, remedy="Land those with figures")
    _refuse_bomb(sum(info.file_size for info in members), len(data), name=name)
    return [(archive, info) for info in sorted(members, key=lambda info: info.filename)]


def unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, name: str) -> bytes:
    """A member's content.

    Raises:
        UnreadableFileError: damaged.
    """
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, zlib.error) as error:
        raise UnreadableFileError(f"{info.filename} is damaged: {error}", where=name) from error


def stamp(info: zipfile.ZipInfo) -> date | None:
    """When the archive says that a member was written."""
    try:
        return date(*info.date_time[:3]) if info.date_time[0] > 1980 else None
    except ValueError:
        return None
