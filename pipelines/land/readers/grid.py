"""What every reader gives: sheets of numbered rows of text cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any


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
        notes: what was done to its text, for the receipt.
        delimiter: of plain text that is split at it line by line.
    """

    name: str
    encoding: str
    rows: tuple[Row, ...]
    cut_short: bool = False
    serial_dates: bool = False
    stamped: date | None = None
    notes: tuple[str, ...] = ()
    delimiter: str = ""


Readings = Iterator[list[Sheet]]
"""A file's possible readings, likeliest first; each is a list of sheets. Only plain text has more than one: its
delimiter is settled by whichever reading has a known header."""


def cell_text(value: Any) -> str:
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


def text_rows(numbered: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Row]:
    """Rows of typed cells as rows of text; blank ones are left out."""
    for number, cells in numbered:
        texts = tuple(cell_text(cell) for cell in cells)
        if any(text.strip() for text in texts):
            yield Row(number, texts, number)
