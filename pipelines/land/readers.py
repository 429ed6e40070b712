"""From bytes to sheets of text cells: the container, the encoding and the dialect, each read off the content."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from pipelines.errors import UnreadableFileError

DELIMITERS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r'^"?sep=(.)"?[,;\t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_CUT = ("unexpected end of data", "truncated data")
_END = "\x03end of the text\x03"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Row:
    """One record: the line (or spreadsheet row) it starts on, its cells as text, and the line it ends on."""

    number: int
    cells: tuple[str, ...]
    end: int


@dataclass(frozen=True)
class Sheet:
    """A grid of text.

    Attributes:
        name: sheet or archive member; empty for a plain text file.
        encoding: as found, such as ``utf-16-le-bom`` or ``xlsx``.
        rows: blank rows left out.
        cut_short: the file ends inside its last record.
        serial_dates: numbers may be spreadsheet dates.
        stamped: when an archive says that the member was written.
    """

    name: str
    encoding: str
    rows: tuple[Row, ...]
    cut_short: bool = False
    serial_dates: bool = False
    stamped: date | None = None


Readings = Iterator[list[Sheet]]
"""A file's possible readings, likeliest first; each is a list of sheets. Only plain text has more than one: its
delimiter is settled by whichever reading has a known header."""


def read_members(data: bytes, *, name: str) -> list[tuple[str, Readings]]:
    """Open a file: its members and the readings of each. A file that is no archive has one member, itself.

    Raises:
        UnreadableFileError: empty, encrypted, cut off. A member may raise it too, when it is read.
    """
    if _is_archive(data):
        return [(info.filename, _member_readings(archive, info, name)) for archive, info in _open_zip(data, name=name)]
    if data.startswith(b"\x1f\x8b"):
        try:
            inner = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFileError(f"the gzip is damaged: {error}", where=name, remedy="Export it again") from error
        return [("", _readings(inner, name=name.removesuffix(".gz")))]
    return [("", _readings(data, name=name))]


def _is_archive(data: bytes) -> bool:
    """A zip that is no workbook; a damaged one counts as an archive."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not any(name.startswith("xl/workbook.") for name in archive.namelist())
    except zipfile.BadZipFile:
        return True


def _readings(data: bytes, *, name: str) -> Readings:
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFileError("the file is empty", where=name, remedy="Export it again")
    if _is_archive(data) or data.startswith(b"\x1f\x8b"):
        raise UnreadableFileError("an archive inside an archive", where=name, remedy="Unpack the outer one")
    if data.startswith(b"PK\x03\x04"):
        yield _read_workbook(data, name=name, encoding="xlsx")
    elif data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFileError("the workbook has a password", where=name, remedy="Save it without one")
        yield _read_workbook(data, name=name, encoding="xls (BIFF)")
    elif data.startswith(b"PAR1"):
        yield _read_parquet(data, name=name)
    else:
        yield from _read_text(data, name=name)


def _open_zip(data: bytes, *, name: str) -> list[tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(f"the zip is damaged: {error}", where=name, remedy="Export it again") from error
    members = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
    if not members:
        raise UnreadableFileError("the zip holds no file", where=name, remedy="Export it again")
    if any(info.flag_bits & 1 for info in members):
        raise UnreadableFileError("the zip has a password", where=name, remedy="Save it without one")
    return [(archive, info) for info in sorted(members, key=lambda info: info.filename)]


def _member_readings(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Readings:
    try:
        content = archive.read(info)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise UnreadableFileError(f"{info.filename} is damaged: {error}", where=name) from error
    stamped = date(*info.date_time[:3]) if info.date_time[0] > 1980 else None
    for sheets in _readings(content, name=f"{name}/{info.filename}"):
        yield [_as_member(sheet, info.filename, stamped) for sheet in sheets]


def _as_member(sheet: Sheet, member: str, stamped: date | None) -> Sheet:
    name = f"{member}/{sheet.name}" if sheet.name else member
    return replace(sheet, name=name, encoding=f"zip of {sheet.encoding}", stamped=stamped)


def _cell_text(value: Any) -> str:
    """A typed spreadsheet cell as the text a person would have typed."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight and value.tzinfo is None else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _read_workbook(data: bytes, *, name: str, encoding: str) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names]
    except CalamineError as error:
        raise UnreadableFileError(f"the workbook cannot be opened: {error}", where=name) from error
    return [Sheet(title, encoding, tuple(_rows(enumerate(grid, start=1))), serial_dates=True) for title, grid in grids]


def _rows(numbered: Any) -> Iterator[Row]:
    for number, cells in numbered:
        texts = tuple(_cell_text(cell) for cell in cells)
        if any(text.strip() for text in texts):
            yield Row(number, texts, number)


def _read_parquet(data: bytes, *, name: str) -> list[Sheet]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(f"the Parquet file is damaged: {error}", where=name) from error
    records = zip(*(column.to_pylist() for column in table.columns), strict=True)
    header = Row(1, tuple(table.column_names), 1)
    return [Sheet("", "parquet", (header, *_rows(enumerate(records, start=2))))]


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    A byte order mark decides; else zero bytes in every other place mean UTF-16; else it is UTF-8 if it decodes, and
    Windows-1252 if not.

    Raises:
        UnreadableFileError: no encoding fits; names the first bad byte.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        candidates = [("utf-8-sig", "utf-8-bom")]
    elif data.startswith(b"\xff\xfe"):
        candidates = [("utf-16", "utf-16-le-bom")]
    elif data.startswith(b"\xfe\xff"):
        candidates = [("utf-16", "utf-16-be-bom")]
    elif data[1:200:2].count(0) > len(data[1:200:2]) * 0.4:
        candidates = [("utf-16-le", "utf-16-le")]
    elif data[0:200:2].count(0) > len(data[0:200:2]) * 0.4:
        candidates = [("utf-16-be", "utf-16-be")]
    elif b"\x00" in data[:4096]:
        raise UnreadableFileError("no text and no known kind of file", where=name, remedy="docs/sources lists them")
    else:
        candidates = [("utf-8", "utf-8"), ("cp1252", "cp1252")]
    failure: UnicodeDecodeError | None = None
    for codec, label in candidates:
        try:
            return data.decode(codec), label
        except UnicodeDecodeError as error:
            failure = failure or error
            if error.start >= len(data) - 4 > 0 and error.reason in _CUT:  # the file ends inside a character
                return data[: error.start].decode(codec) + "\ufffd", label
    raise UnreadableFileError(
        f"byte {failure.start if failure else 0} is not valid {candidates[0][1]}",
        where=name,
        remedy="Export it again, or save it as UTF-8",
    )


def _read_text(data: bytes, *, name: str) -> Readings:
    text, encoding = decode(data, name=name)
    if "\x00" in text[:4096]:
        raise UnreadableFileError("no text and no known kind of file", where=name, remedy="docs/sources lists them")
    given = _SEP_LINE.match(text)
    start = 1
    if given:
        text = text[given.end() :]
        start = 2
    head = text[:20000]
    delimiters = sorted(DELIMITERS, key=lambda mark: -head.count(mark))
    for delimiter in dict.fromkeys([given.group(1), *delimiters] if given else delimiters):
        yield [_parse(text, delimiter, encoding=encoding, start=start, name=name)]


def _parse(text: str, delimiter: str, *, encoding: str, start: int, name: str) -> Sheet:
    try:
        records, ends_inside_quotes = _records(text, delimiter, start=start)
    except csv.Error as error:
        raise UnreadableFileError(f"a quote is opened and never closed: {error}", where=name) from error
    if _is_wrapped(records, delimiter):
        first = records[0].cells[0]
        tail = first[len(first.rstrip("".join(mark for mark in DELIMITERS if mark != delimiter))) :]
        inner = "\n".join(row.cells[0].removesuffix(tail) for row in records) + ("\n" if text.endswith("\n") else "")
        numbers = [row.number for row in records]
        unwrapped, ends_inside_quotes = _records(inner, delimiter, start=0)
        lines = [numbers[min(row.number, len(numbers) - 1)] for row in unwrapped]
        records = [Row(line, row.cells, line) for line, row in zip(lines, unwrapped, strict=True)]
    unfinished = text.endswith("\ufffd") or (
        len(records) > 1 and not text.endswith(("\n", "\r")) and len(records[-1].cells) < len(records[-2].cells)
    )
    return Sheet("", encoding, tuple(records), cut_short=ends_inside_quotes or unfinished)


def _records(text: str, delimiter: str, *, start: int) -> tuple[list[Row], bool]:
    """The records of a text, and whether it ends inside a quoted cell: then a mark put after it is swallowed too."""
    csv.field_size_limit(16 * 1024 * 1024)
    reader = csv.reader(chain(io.StringIO(text, newline=""), [_END]), delimiter=delimiter)
    records = []
    line = 0
    for record in reader:
        if any(map(str.strip, record)):
            records.append(Row(start + line, tuple(record), start + reader.line_num - 1))
        line = reader.line_num
    last = records.pop()
    if last.cells == (_END,):
        return records, False
    cells = *last.cells[:-1], last.cells[-1].removesuffix(_END)
    return [*records, Row(last.number, tuple(cells), last.end)], True


def _is_wrapped(records: list[Row], delimiter: str) -> bool:
    """Whether each line was quoted as a whole by a program that saved it as one column."""
    return (
        len(records) > 1
        and all(len(row.cells) == 1 for row in records[:50])
        and all(row.cells[0].count(delimiter) >= 2 for row in records[:2])
    )
