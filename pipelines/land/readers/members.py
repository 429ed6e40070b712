"""What a landed file holds: itself, or the members of an archive, at most one archive deep in another."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.archive import MAX_EXPANDED, gunzip, is_gzip, is_zip, open_zip, stamp, unzip
from pipelines.land.readers.gathering import gather
from pipelines.land.readers.grid import Readings, Sheet
from pipelines.land.readers.parquet import read_parquet
from pipelines.land.readers.text import read_text
from pipelines.land.readers.workbook import read_xls, read_xlsx

MAX_DEPTH = 2
"""An archive, and an archive in it."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (
    (b"%PDF-", "a PDF: it holds pages, not figures"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)
_MEDIA = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".svg", ".ico", ".mp4", ".mov", ".m4v", ".webm", ".avi",
    ".mp3", ".m4a", ".aac", ".wav", ".ogg", ".srt", ".vtt", ".pdf", ".css", ".woff", ".woff2", ".ttf", ".eot", ".map",
)  # fmt: skip
"""Members of archives that are never tables: they are not even unpacked."""


@dataclass(frozen=True)
class Member:
    """One file of an archive: its path in it (through an inner archive too), its size and how to read it."""

    path: str
    size: int
    content: Callable[[], bytes]
    stamped: date | None = None


def read_members(data: bytes, *, name: str) -> list[tuple[str, Readings]]:
    """Open a file: its members and the readings of each. A file that is no archive has one member, itself.

    Raises:
        UnreadableFileError: empty, encrypted, cut off, a bomb. A member may raise it too, when it is read.
    """
    if is_gzip(data):
        data, name = gunzip(data, name=name), name.removesuffix(".gz")
    if not is_zip(data):
        return [("", _readings(data, name=name))]
    members = list(_members(data, name=name, path="", depth=1))
    if not members:
        raise UnreadableFileError("the zip holds pictures and videos only", where=name, remedy="Export figures")
    if sum(member.size for member in members) > MAX_EXPANDED:
        raise UnreadableFileError("the zips in it expand beyond all measure", where=name, remedy="Unpack it yourself")
    groups, single = gather(members)
    found = [(folder, _as_members(readings)) for folder, readings in groups]
    return [*found, *((member.path, _member_readings(member, name)) for member in single)]


def member_digests(data: bytes) -> tuple[str, ...]:
    """The SHA-256 of each file in an archive, sorted; none where it is no archive, or cannot be opened."""
    try:
        packed = is_gzip(data)
        data = gunzip(data, name="") if packed else data
        if not is_zip(data):
            return (hashlib.sha256(data).hexdigest(),) if packed else ()
        members = list(_members(data, name="", path="", depth=1))
        if sum(member.size for member in members) > MAX_EXPANDED:
            return ()
        return tuple(sorted(hashlib.sha256(member.content()).hexdigest() for member in members))
    except UnreadableFileError:
        return ()


def _members(data: bytes, *, name: str, path: str, depth: int) -> Iterator[Member]:
    """The files of a zip that may be tables, those of zips in it too."""
    for archive, info in open_zip(data, name=name):
        if is_media(info.filename):
            continue
        content = partial(unzip, archive, info, name=name)
        member = Member(path + info.filename, info.file_size, content, stamp(info))
        try:
            inner = content() if _starts_packed(archive, info) else b""
            if is_gzip(inner):
                inner = gunzip(inner, name=f"{name}/{info.filename}")
                member = Member(member.path.removesuffix(".gz"), len(inner), partial(bytes, inner), member.stamped)
            if not is_zip(inner):
                yield member
            elif depth == MAX_DEPTH:
                raise UnreadableFileError(
                    "an archive inside an archive inside an archive", remedy="Unpack the outer ones"
                )
            else:
                yield from _members(inner, name=f"{name}/{info.filename}", path=f"{member.path}/", depth=depth + 1)
        except UnreadableFileError as error:
            yield Member(member.path, 0, partial(_fail, error))


def is_media(name: str) -> bool:
    """Whether a member's name says that it is no table."""
    return name.lower().endswith(_MEDIA)


def _starts_packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(info) as file:
            return file.read(4).startswith((b"PK", b"\x1f\x8b"))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, zlib.error):
        return False  # it will say so when it is read


def _fail(error: UnreadableFileError) -> bytes:
    raise error


def _member_readings(member: Member, name: str) -> Readings:
    for sheets in _readings(member.content(), name=f"{name}/{member.path}"):
        yield [as_member(sheet, member.path, member.stamped) for sheet in sheets]


def as_member(sheet: Sheet, member: str, stamped: date | None) -> Sheet:
    """A sheet of a member, under its name."""
    name = f"{member}/{sheet.name}" if sheet.name else member
    return replace(sheet, name=name, encoding=f"zip of {sheet.encoding}", stamped=stamped)


def _as_members(readings: Readings) -> Readings:
    for sheets in readings:
        yield [replace(sheet, encoding=f"zip of {sheet.encoding}") for sheet in sheets]


def _readings(data: bytes, *, name: str) -> Readings:
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFileError("the file is empty", where=name, remedy="Export it again")
    if data.startswith(b"PK\x03\x04"):
        yield read_xlsx(data, name=name)
    elif data.startswith(_OLE):
        yield read_xls(data, name=name)
    elif data.startswith(b"PAR1"):
        yield read_parquet(data, name=name)
    elif what := _no_table(data):
        raise UnreadableFileError(what, where=name, remedy="Export it as CSV, XLSX or JSON")
    else:
        yield from read_text(data, name=name)


def _no_table(data: bytes) -> str | None:
    """What a binary file is that holds no table of figures."""
    if b"eroots" in data[:64] and b"gversion" in data[:128]:
        return "a CAR archive of a repository: it holds posts, and no counts of what became of them"
    return next((what for start, what in _NO_TABLES if data.startswith(start)), None)
