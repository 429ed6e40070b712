"""The cells of a large text on their way into its file: numbered by their lines, trimmed, without what is personal, and
looked over for all that would need a closer look later."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.land.body import Body, Columns, Counts, OriginalFile, Ragged, split
from pipelines.land.fields import NUMERIC
from pipelines.land.identifiers import person
from pipelines.land.personal import Mask, nothing, personal_columns
from pipelines.land.readers import DELIMITERS, Row
from pipelines.land.readers.text import has_other_cells
from pipelines.land.recognise import Table
from pipelines.land.survey import END, Survey

MOST = 20_000
"""More rows that may be no data than this, and the file is read row by row."""
_SHORT = 12
"""A whole number of so many characters is one in every type."""
_Flags = npt.NDArray[np.bool_]


class _TooManyError(Exception):
    """Too many rows of a file are not like the others."""


def read_body(text: Survey, table: Table, folder: Path) -> Body | None:
    """Read the body of a text into ``folder``.

    Returns:
        None where it has no rows, ends inside one, or is not what the parser may read.
    """
    import pyarrow as pa

    body = Body(folder / "original.parquet")
    try:
        with OriginalFile(body.original, table) as file, ThreadPoolExecutor(1) as writer:
            cells, writing = _Cells(table, body), Future[None]()
            writing.set_result(None)
            for batch in split(text, table, cells.take_ragged):
                if not text.is_sound:
                    return None
                numbered = cells.number(batch)
                writing.result()
                writing = writer.submit(file.write, *numbered)
            writing.result()
    except (pa.ArrowInvalid, csv.Error, _TooManyError):  # a cell larger than a block, a text that is none
        return None
    finally:
        pa.default_memory_pool().release_unused()
    return body if text.is_sound and body.count and cells.ends_whole(text) else None


def add_ragged(body: Body, table: Table, rows: Sequence[Row], path: Path) -> None:
    """Add rows that end before the header does to what is data."""
    import pyarrow as pa

    width = table.match.stop
    padded = [(*row.cells, *("",) * width)[:width] for row in rows]
    columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]
    with OriginalFile(path, table) as file:
        file.write([row.number for row in rows], _Cells(table, body).looked_over(columns))
    body.added = path


class _Cells:
    """Numbers and looks over the rows of a body, block by block."""

    def __init__(self, table: Table, body: Body) -> None:
        layout = table.match.layout
        self._table, self._body, self._masks = table, body, personal_columns(table)
        self._numeric = {place for name, found in table.match.columns.items() for place in found
                         if name in layout.fields and layout.fields[name].type in NUMERIC}  # fmt: skip
        if not body.count:
            body.digits = set(self._numeric)
        self._line = self._next = table.match.header.end + 1
        self._waiting: list[tuple[int, str]] = []
        self._after_blank = self._has_ended = self._is_split_surely = False
        self._ends_ragged, self._last_is_filled = False, True

    def take_ragged(self, row: Any) -> str:
        """Remember a row of another width until its line is known."""
        if row.text == END:
            self._has_ended = True
        else:
            self._waiting.append((row.number, row.text))
            self._refuse_many(len(self._waiting))
        return "skip"

    def ends_whole(self, text: Survey) -> bool:
        """Whether a text was split as it is meant: no quote is open at its end, and where its last line has no
        end, the last cell has text."""
        self._number(np.zeros(0, np.int64), np.zeros(0, np.bool_))
        if self._body.ragged and text.is_quoted and not self._is_split_surely:
            return False  # quotes inside cells may not be doubled
        return self._has_ended and (text.ends_whole or (self._last_is_filled and not self._ends_ragged))

    def number(self, batch: Any) -> tuple[Counts, Columns]:
        """The lines on which the rows of a block start, and its columns; blank rows are left out."""
        breaks = _breaks(batch.columns)
        columns = self.looked_over(batch.columns)
        blank = _blank(columns, len(batch))
        lines = self._number(breaks + 1, blank)
        if len(batch):
            self._last_is_filled = bool(columns[-1][-1].as_py())
        if blank.any():
            kept = np.flatnonzero(~blank)
            lines, breaks, columns = lines[kept], breaks[kept], [column.take(kept) for column in columns]
        first = self._body.count
        self._body.count += len(lines)
        found = np.flatnonzero(breaks)
        self._body.broken.append((first + found, breaks[found]))
        self._body.swallowed += [first + place for place in _swallowed(columns, breaks)]
        self._refuse_many(len(self._body.swallowed) + len(self._body.gaps) + len(self._body.ragged))
        return lines, columns

    def looked_over(self, columns: Sequence[Any]) -> Columns:
        """Columns without white space around their cells and without what is personal; which of them hold digits only
        is noted."""
        from pyarrow.compute import utf8_trim_whitespace

        found = [_masked(utf8_trim_whitespace(column), self._masks.get(p)) for p, column in enumerate(columns)]
        for place in sorted(self._body.digits):
            is_plain, is_grouped, is_whole = _digits(found[place])
            if not is_plain:
                self._body.digits.discard(place)
            if is_grouped:
                self._body.grouped.add(place)
            if not is_whole:
                self._body.broken_up.add(place)
        self._body.grouped &= self._body.digits
        return found

    def _number(self, sizes: Counts, blank: _Flags) -> Counts:
        """The lines on which rows of these sizes start; rows of another width among them are numbered too."""
        places, rows = self._ragged_among(len(sizes))
        sizes = np.insert(sizes, places, [1 + _count_breaks(text) for text in rows])
        mark = self._table.sheet.delimiter
        cells = [_cells_of(text, mark) for text in rows]
        empty = np.insert(blank, places, [not any(map(str.strip, found)) for found in cells])
        ends = self._line + np.cumsum(sizes)
        starts = ends - sizes
        after = np.concatenate([[self._after_blank], empty[:-1]]) if len(empty) else empty
        self._body.gaps.update(starts[after & ~empty].tolist())
        among = np.array(places, np.int64) + np.arange(len(places))
        before = self._body.count + np.cumsum(np.insert(~blank, places, [False] * len(rows)))
        for place, found in zip(among, cells, strict=True):
            if not empty[place]:
                row = Row(int(starts[place]), found, int(ends[place]) - 1)
                self._body.ragged.append(Ragged(row, int(before[place])))
        self._is_split_surely |= any(has_other_cells(text, mark, self._table.match.stop) for text in rows)
        if len(sizes):
            self._line, self._after_blank = int(ends[-1]), bool(empty[-1])
            self._ends_ragged = bool(len(among)) and among[-1] == len(sizes) - 1
        return np.delete(starts, among)

    def _ragged_among(self, count: int) -> tuple[list[int], list[str]]:
        """The rows of another width that stand before, among or right behind the next ``count`` rows, and the place
        among these before which each stands."""
        places: list[int] = []
        texts: list[str] = []
        while self._waiting and self._waiting[0][0] - self._next - len(places) <= count:
            number, text = self._waiting.pop(0)
            places.append(number - self._next - len(places))
            texts.append(text)
        self._next += count + len(places)
        return places, texts

    def _refuse_many(self, count: int) -> None:
        if count > MOST:
            raise _TooManyError


def _cells_of(text: str, delimiter: str) -> tuple[str, ...]:
    return tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))


def _count_breaks(text: str) -> int:
    return text.count("\n")


def _bytes(column: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where the cells of a column start and end among its bytes, and these."""
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return places, np.frombuffer(data or b"", np.uint8)


def _holds(column: Any, byte: bytes) -> bool:
    """Whether any cell of a column holds this byte."""
    places, data = _bytes(column)
    return len(places) > 0 and byte in data[places[0] : places[-1]].tobytes()


def _breaks(columns: Sequence[Any]) -> Counts:
    """How many line breaks are inside the cells of each row."""
    from pyarrow.compute import count_substring

    found = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        if _holds(column, b"\n"):
            found += count_substring(column, "\n").to_numpy()
    return found


def _blank(columns: Sequence[Any], count: int) -> _Flags:
    """The rows of which every cell is empty."""
    blank = np.ones(count, np.bool_)
    for column in columns:
        blank &= np.diff(_bytes(column)[0]) == 0 if count else blank
        if not blank.any():
            break
    return blank


def _swallowed(columns: Sequence[Any], breaks: Counts) -> list[int]:
    """The rows of which a cell of several lines may hold whole records."""
    from pyarrow.compute import count_substring

    tall = np.flatnonzero(breaks >= 2)
    if not len(tall):
        return []
    least = max(3, len(columns) - 2)
    found = np.zeros(len(tall), np.bool_)
    for column in columns:
        chosen = column.take(tall)
        for mark in DELIMITERS:
            found |= count_substring(chosen, mark).to_numpy() >= least
    return [int(place) for place in tall[found]]


def _digits(column: Any) -> tuple[bool, bool, bool]:
    """Whether every cell of a column is empty or digits with at most one point; whether three digits follow one; and
    whether each is a short whole number, with or without ``.0``."""
    places, data = _bytes(column)
    text = data[places[0] : places[-1]] if len(places) else data[:0]
    if text.tobytes().translate(None, b"0123456789."):
        return False, False, False
    lengths = np.diff(places)
    is_short = len(lengths) == 0 or int(lengths.max()) <= _SHORT
    points = np.flatnonzero(text == ord("."))
    if not len(points):
        return True, False, is_short
    cells = np.searchsorted(places, points + places[0], side="right") - 1
    if (np.diff(cells) == 0).any() or (lengths[cells] == 1).any():
        return False, False, False
    ends = places[1:][lengths >= 4]
    is_grouped = bool((data[ends - 4] == ord(".")).any())
    ends = places[1:][lengths >= 3]
    zeros = int(((data[ends - 2] == ord(".")) & (data[ends - 1] == ord("0"))).sum())
    return True, is_grouped, is_short and zeros == len(points)


def _masked(column: Any, mask: Mask | None) -> Any:
    """A column without what is personal; each different cell is looked at once."""
    import pyarrow as pa

    if mask is None or (mask is person and not _holds(column, b"@")):
        return column
    if mask is nothing:
        return pa.repeat("", len(column))
    coded = column.dictionary_encode()
    kept = [mask(text.strip()) if text.strip() else "" for text in coded.dictionary.to_pylist()]
    return pa.array(kept, pa.string()).take(coded.indices)
