"""The cells of a large text on their way into its file: numbered by their lines, trimmed, without what is personal, and
looked over for all that would need a closer look later."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.land import blocks
from pipelines.land.body import Body, Columns, Counts, OriginalFile, Ragged, split
from pipelines.land.fields import NUMERIC
from pipelines.land.identifiers import person
from pipelines.land.personal import Mask, nothing, personal_columns
from pipelines.land.readers import Row
from pipelines.land.readers.text import has_other_cells
from pipelines.land.recognise import Table
from pipelines.land.survey import END, Survey

MOST = 20_000
"""More rows that may be no data than this, and the file is read row by row."""


class _TooManyError(Exception):
    """Too many rows of a file are not like the others."""


class _Hand(ThreadPoolExecutor):
    """A thread that does one thing at a time, in order; who gives it the next waits until the last is done, and hears
    of what went wrong there."""

    def __init__(self) -> None:
        super().__init__(1)
        self._doing = Future[None]()
        self._doing.set_result(None)

    def take(self, do: Callable[..., None], *given: Any) -> None:
        """Begin to do this once the last is done."""
        self._doing.result()
        self._doing = self.submit(do, *given)

    def finish(self) -> None:
        """Wait for the last."""
        self._doing.result()


def read_body(text: Survey, table: Table, folder: Path) -> Body | None:
    """Read the body of a text into ``folder``.

    Returns:
        None where it has no rows, ends inside one, or is not what the parser may read.
    """
    import pyarrow as pa

    body = Body(folder / "original.parquet")
    try:
        with OriginalFile(body.original, table) as file, _Hand() as looker, _Hand() as writer:
            cells = _Cells(table, body)

            def take(batch: Any) -> None:
                writer.take(file.write, *cells.number(batch))

            for batch in split(text, table, cells.take_ragged):
                if not text.is_sound:
                    return None
                looker.take(take, batch)
            looker.finish()
            writer.finish()
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
        numeric = {name for name, spec in layout.fields.items() if spec.type in NUMERIC}
        self._numeric = {place for name in numeric for place in table.match.columns.get(name, ())} - set(self._masks)
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
        breaks = blocks.breaks(batch.columns)
        columns = self.looked_over(batch.columns)
        blank = blocks.blank(columns, len(batch))
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
        self._body.swallowed += [first + place for place in blocks.swallowed(columns, breaks)]
        self._refuse_many(len(self._body.swallowed) + len(self._body.gaps) + len(self._body.ragged))
        return lines, columns

    def looked_over(self, columns: Sequence[Any]) -> Columns:
        """Columns without white space around their cells and without what is personal; which of them hold digits only
        is noted."""
        from pyarrow.compute import utf8_trim_whitespace

        found = []
        for place, column in enumerate(columns):
            if place in self._body.digits and self._is_digits(place, column):
                found.append(column)
                continue
            trimmed = utf8_trim_whitespace(column)
            if place in self._body.digits and not self._is_digits(place, trimmed):
                self._body.digits.discard(place)
            found.append(_masked(trimmed, self._masks.get(place)))
        self._body.grouped &= self._body.digits
        return found

    def _is_digits(self, place: int, column: Any) -> bool:
        """Whether a numeric column is digits in this block too; how they are written is noted."""
        is_plain, is_grouped, is_whole = blocks.digits(column)
        if is_plain and is_grouped:
            self._body.grouped.add(place)
        if is_plain and not is_whole:
            self._body.broken_up.add(place)
        return is_plain

    def _number(self, sizes: Counts, blank: blocks.Flags) -> Counts:
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


def _masked(column: Any, mask: Mask | None) -> Any:
    """A column without what is personal; each different cell is looked at once."""
    import pyarrow as pa

    if mask is None or (mask is person and not blocks.holds(column, b"@")):
        return column
    if mask is nothing:
        return pa.repeat("", len(column))
    coded = column.dictionary_encode()
    kept = [mask(text.strip()) if text.strip() else "" for text in coded.dictionary.to_pylist()]
    return pa.array(kept, pa.string()).take(coded.indices)
