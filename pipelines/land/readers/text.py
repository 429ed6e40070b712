"""Text: its encoding, its delimiter, its quotes."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from itertools import chain

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.grid import Readings, Row, Sheet
from pipelines.land.readers.jsons import is_json, read_json
from pipelines.land.readers.markup import is_html, is_spreadsheetml, read_html, read_spreadsheetml
from pipelines.land.readers.mojibake import NOTE, mend, mend_sheets
from pipelines.land.readers.wrapped import unwrapped

DELIMITERS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r'^"?sep=(.)"?[,;\t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_CUT = ("unexpected end of data", "truncated data")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "utf-8-bom"),
    (b"\xff\xfe", "utf-16-le", "utf-16-le-bom"),
    (b"\xfe\xff", "utf-16-be", "utf-16-be-bom"),
)
_END = "\x03end of the text\x03"


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    A byte order mark decides; else zero bytes in every other place mean UTF-16; else it is UTF-8 if it decodes, and
    Windows-1252 if not.

    Raises:
        UnreadableFileError: no encoding fits; names the first bad byte.
    """
    mark, codec, label = next((known for known in _MARKS if data.startswith(known[0])), (b"", "", ""))
    if mark:
        candidates = [(codec, label)]
    elif data[1:200:2].count(0) > len(data[1:200:2]) * 0.4:
        candidates = [("utf-16-le", "utf-16-le")]
    elif data[0:200:2].count(0) > len(data[0:200:2]) * 0.4:
        candidates = [("utf-16-be", "utf-16-be")]
    elif b"\x00" in data[:4096]:
        raise UnreadableFileError("no text and no known kind of file", where=name, remedy="docs/sources lists them")
    else:
        candidates = [("utf-8", "utf-8"), ("cp1252", "cp1252")]
    body = data[len(mark) :]
    failure: UnicodeDecodeError | None = None
    for codec, label in candidates:
        try:
            return body.decode(codec), label
        except UnicodeDecodeError as error:
            failure = failure or error
            if error.start >= len(body) - 4 > 0 and error.reason in _CUT:  # the file ends inside a character
                return body[: error.start].decode(codec) + "\ufffd", label
    raise UnreadableFileError(
        f"byte {len(mark) + failure.start if failure else 0} is not valid {candidates[0][1]}",
        where=name,
        remedy="Export it again, or save it as UTF-8",
    )


def read_text(data: bytes, *, name: str) -> Readings:
    """The readings of what is no binary file: markup and JSON by what they say; else one for each delimiter."""
    text, encoding = decode(data, name=name)
    if "\x00" in text[:4096]:
        raise UnreadableFileError("no text and no known kind of file", where=name, remedy="docs/sources lists them")
    if is_spreadsheetml(text):
        yield mend_sheets(read_spreadsheetml(text, name=name))
    elif is_html(text):
        yield mend_sheets(read_html(text, encoding=encoding, name=name))
    elif is_json(text):
        yield from map(mend_sheets, read_json(text, encoding=encoding, name=name))
    else:
        yield from _delimited(text, encoding=encoding, name=name)


def _delimited(text: str, *, encoding: str, name: str) -> Readings:
    mended = mend(text)
    notes = (NOTE,) if mended else ()
    text = mended or text
    given = _SEP_LINE.match(text)
    start = 1
    if given:
        text = text[given.end() :]
        start = 2
    head = text[:20000]
    delimiters = sorted(DELIMITERS, key=lambda mark: -head.count(mark))
    for delimiter in dict.fromkeys([given.group(1), *delimiters] if given else delimiters):
        yield [replace(_parse(text, delimiter, encoding=encoding, start=start, name=name), notes=notes)]


def _parse(text: str, delimiter: str, *, encoding: str, start: int, name: str) -> Sheet:
    try:
        records, ends_inside_quotes = _records(text, delimiter, start)
    except csv.Error as error:
        raise UnreadableFileError(f"a quote is opened and never closed: {error}", where=name) from error
    others = "".join(mark for mark in DELIMITERS if mark != delimiter)
    inside = unwrapped(text, delimiter, records, others, _records)
    if inside:
        records, ends_inside_quotes = inside
    elif apart := _quotes_apart(text, delimiter, records, start=start):
        records, ends_inside_quotes = apart, False
    unfinished = text.endswith("\ufffd") or (not text.endswith(("\n", "\r")) and _lacks_an_end(records))
    cut_short = ends_inside_quotes or unfinished
    return Sheet("", encoding, tuple(records), cut_short=cut_short, delimiter="" if inside else delimiter)


def _records(text: str, delimiter: str, start: int) -> tuple[list[Row], bool]:
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


def _quotes_apart(text: str, delimiter: str, records: list[Row], *, start: int) -> list[Row]:
    """The records of a text whose every cell is quoted and that does not double the quotes inside: a cell ends only
    where a quote stands on both sides of a delimiter or a line's end. Empty where the records came out even already, or
    do not this way."""
    body, width = text.strip("\r\n"), len(records[0].cells) if records else 0
    if width < 2 or not body.startswith('"') or not body.endswith('"') or all(len(r.cells) == width for r in records):
        return []
    rows: list[Row] = []
    line = start + text[: text.index('"')].count("\n")
    records_and_ends = [*re.split('(?<=")((?:\r?\n)+)(?=")', body), "\n"]
    for record, ending in zip(records_and_ends[::2], records_and_ends[1::2], strict=True):
        if has_other_cells(record, delimiter, width):
            return []
        end = line + record.count("\n")
        cells = record[1:-1].replace("\r\n", "\n").split(f'"{delimiter}"')
        rows.append(Row(line, tuple(cell.replace('""', '"') for cell in cells), end))
        line = end + ending.count("\n")
    return rows


def has_other_cells(record: str, delimiter: str, width: int) -> bool:
    """Whether a record whose every cell is quoted has not ``width`` cells, however quotes inside are written."""
    return record.startswith('"') and record.endswith('"') and record[1:-1].count(f'"{delimiter}"') + 1 != width


def _lacks_an_end(records: list[Row]) -> bool:
    """Whether the last of these records has fewer cells than the one before, or lacks nothing of what all others have
    but its last column: a row of another kind, such as an order's second line, lacks more."""
    if len(records) < 2 or len(records[-1].cells) < len(records[-2].cells):
        return len(records) > 1
    last = records[-1].cells
    blank = [place for place, cell in enumerate(last) if not cell.strip()]
    others = [row.cells for row in records[1:-1] if len(row.cells) == len(last)]
    if last[-1].strip() or len(others) < 2:
        return False
    return [place for place in blank if all(cells[place].strip() for cells in others)] == [len(last) - 1]
