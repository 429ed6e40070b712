"""Where the bytes of a large text come from: the file itself, a gzip, or a zip that holds nothing else, in whatever
encoding; as a stream of UTF-8."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from pipelines.errors import UnreadableFileError
from pipelines.land.readers import Sheet, read_members
from pipelines.land.readers.archive import MAX_RATIO, SMALL, stamp
from pipelines.land.readers.members import as_member, is_media
from pipelines.land.survey import CHUNK

HEAD = 512 * 1024
UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError)
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_NO_TEXT = (b"PK", _GZIP, b"PAR1", b"\xd0\xcf\x11\xe0", b"<", b"{", b"[", b"%PDF")
_MARKS = {"utf-8-bom": codecs.BOM_UTF8, "utf-16-le-bom": codecs.BOM_UTF16_LE, "utf-16-be-bom": codecs.BOM_UTF16_BE}
Watch = Callable[[int], None]
"""Told how many bytes of a file have been read."""


@dataclass
class Source:
    """A text that is read from its start.

    Attributes:
        path: the file that it is, or is packed in.
        member: its entry where that is a zip.
        is_gzip: whether that is a gzip.
        digests: the SHA-256 of what was packed, once all of it was read.
    """

    path: Path
    member: zipfile.ZipInfo | None = None
    is_gzip: bool = False
    digests: list[str] = field(default_factory=list)

    def open(self) -> IO[bytes]:
        """What it holds, unpacked."""
        if self.is_gzip:
            return cast("IO[bytes]", gzip.open(self.path))
        return zipfile.ZipFile(self.path).open(self.member) if self.member else self.path.open("rb")

    def head(self) -> tuple[Sheet, bool] | None:
        """Its first rows as they are read in a small file, and whether these are all; None where it is no such text."""
        try:
            with self.open() as file:
                data, is_all = file.read(HEAD), not file.read(1)
            if data.removeprefix(codecs.BOM_UTF8).lstrip()[:4].startswith(_NO_TEXT):
                return None
            if not is_all:
                data = data[: len(data) // 2 * 2 if b"\x00" in data[:200] else data.rfind(b"\n") + 1]
            sheets = next(iter(read_members(data, name=self.path.name)[0][1]), [])
        except (UnreadableFileError, *UNREADABLE):
            return None
        if len(sheets) != 1 or sheets[0].notes or not sheets[0].encoding.startswith(("utf-", "cp1252")):
            return None
        return sheets[0], is_all

    def chunks(self, encoding: str, watch: Watch | None) -> Iterator[bytes]:
        """All of it as UTF-8, without the mark at its start.

        Raises:
            one of ``UNREADABLE``: it is damaged, of another encoding, or packed beyond all measure.
        """
        decoder = codecs.getincrementaldecoder(encoding.removesuffix("-bom"))()
        digest, read = hashlib.sha256(), 0
        bound = max(SMALL, MAX_RATIO * self.path.stat().st_size)
        with self.open() as file:
            mark = _MARKS.get(encoding, b"")
            if self._add(digest, file.read(len(mark))) != mark:
                raise OSError("it has changed meanwhile")
            while chunk := self._add(digest, file.read(CHUNK)):
                read += len(chunk)
                if self.is_packed and read > bound:
                    raise OSError("it expands beyond all measure")
                if watch:
                    watch(read)
                yield chunk if encoding.startswith("utf-8") else decoder.decode(chunk).encode()
        if not encoding.startswith("utf-8"):
            yield decoder.decode(b"", final=True).encode()
        if self.is_packed:
            self.digests = [digest.hexdigest()]

    @property
    def is_packed(self) -> bool:
        """Whether it lies in an archive."""
        return self.is_gzip or self.member is not None

    def _add(self, digest: hashlib._Hash, chunk: bytes) -> bytes:
        if self.is_packed:
            digest.update(chunk)
        return chunk

    def as_found(self, sheet: Sheet) -> Sheet:
        """A sheet under the name that it has in its archive."""
        return as_member(sheet, self.member.filename, stamp(self.member)) if self.member else sheet


def unpacked_size(path: Path) -> int:
    """How many bytes of text a file holds, unpacked; the pictures and videos of an archive are none.

    Of a gzip it is what its last four bytes say, which start anew at 4 GB, and never less than the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(_GZIP):
            file.seek(-4, 2)
            return max(size, int.from_bytes(file.read(4), "little"))
    if not start.startswith(_ZIP):
        return size
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(info.file_size for info in archive.infolist() if not is_media(info.filename))
    except UNREADABLE:
        return size


def find_source(path: Path) -> Source | None:
    """The one text that a file is or holds; None where it holds several."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_GZIP):
        return Source(path, is_gzip=True)
    if not start.startswith(_ZIP):
        return Source(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
            if any(name.startswith("xl/workbook.") for name in archive.namelist()):
                return None
    except UNREADABLE:
        return None
    members = [info for info in members if not is_media(info.filename)]
    is_plain = len(members) == 1 and not members[0].flag_bits & 1
    return Source(path, member=members[0]) if is_plain else None
