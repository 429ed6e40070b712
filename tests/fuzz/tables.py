"""A delimited export as rows of cells, and back to bytes as one program or another would write it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.cases import workbook

Cells = list[Any]


@dataclass(frozen=True)
class Text:
    """A delimited text taken apart: ``header`` is the place of the widest of its first rows."""

    rows: list[Cells]
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    quote_all: bool = False
    tail: str = ""
    head: str = ""
    header: int = field(default=0)

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.rows[self.header])

    def data_places(self) -> list[int]:
        """The rows below the header that are as wide as it."""
        return [n for n in range(self.header + 1, len(self.rows)) if len(self.rows[n]) == self.width]

    def with_columns(self, order: list[int]) -> Text:
        """The same table with these columns, each named by its present place, in the rows that have them all."""
        taken = [[row[place] for place in order] if len(row) == self.width else row for row in self.rows]
        return replace(self, rows=taken)

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        sink = io.StringIO(newline="")
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(sink, delimiter=self.delimiter, lineterminator=self.line_end, quoting=quoting)
        writer.writerows(self.rows)
        return (self.head + sink.getvalue() + self.tail).encode(self.encoding)


@dataclass(frozen=True)
class Book(Text):
    """A workbook of which one sheet is taken apart."""

    sheets: dict[str, list[Cells]] = field(default_factory=dict)
    title: str = ""

    def to_bytes(self) -> bytes:
        """The workbook with the sheet as it is now."""
        return workbook({**self.sheets, self.title: self.rows})


def of_sheets(sheets: dict[str, list[Cells]]) -> Book | None:
    """A workbook's longest sheet as a table; None where it has none of two rows and two columns."""
    title, rows = max(sheets.items(), key=lambda item: len(item[1]))
    full = [list(row or []) for row in rows]
    widths = [sum(1 for cell in row if cell is not None) for row in full[:40]]
    if len(full) < 2 or max(widths) < 2:
        return None
    return Book(full, header=widths.index(max(widths)), sheets=sheets, title=title)


def taken_apart(content: bytes) -> Text | None:
    """A plain fixture's text as a table; None where it is no delimited text of two rows and two columns."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    head = ""
    if text.casefold().startswith("sep="):
        head, _, text = text.partition("\n")
        head += "\n"
    if text.lstrip()[:1] in ("{", "[", "<"):
        return None
    sample = text[:5000]
    delimiter = max(",;\t|", key=sample.count)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    widths = [len(row) for row in rows[:40]]
    if len(rows) < 2 or max(widths) < 2:
        return None
    return Text(rows, delimiter, encoding, head=head, header=widths.index(max(widths)))
