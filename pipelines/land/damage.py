"""What is wrong with a row as a whole: too long, cut short, or with other rows drawn into one of its cells."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from pipelines.land.readers import DELIMITERS, Row
from pipelines.land.recognise import Table

if TYPE_CHECKING:
    from pipelines.land.structure import Places

NAMELESS_ROWS = 3
"""So many rows must fill a column that has no name for it to be one; a row alone is longer than the header."""


def _has_swallowed(row: Row, width: int, places: Places) -> bool:
    """Whether a quote that is never closed has drawn whole records into one cell."""
    if row.end - row.number < 2:
        return False
    for line in (line for cell in row.cells if "\n" in cell for line in cell.splitlines()):
        for delimiter in DELIMITERS:
            if places.counts and line.count(delimiter) >= max(3, width - 2):
                inner = next(csv.reader([line], delimiter=delimiter))
                digits = [inner[place].strip().isdigit() for place in places.counts if place < len(inner)]
                if sum(digits) * 2 > len(places.counts):
                    return True
    return False


def usual_length(table: Table) -> int:
    """How many cells most rows have, the fewer where two lengths are as common: an export may end each row with a
    delimiter that its header lacks."""
    lengths = Counter(len(row.cells) for row in table.rows)
    return max(lengths, key=lambda length: (lengths[length], -length), default=0)


def end_of_named(table: Table) -> int:
    """Where the cells of a row must end: with the header's names, or with a column that has no name and that most rows
    fill."""
    ends = Counter(
        next((place for place in range(len(row.cells), 0, -1) if row.cells[place - 1].strip()), 0) for row in table.rows
    )
    end, rows = max(ends.items(), key=lambda each: each[1], default=(0, 0))
    width = table.match.stop
    return max(width, min(end, len(table.match.header.cells))) if rows >= NAMELESS_ROWS else width


def damage_of(row: Row, table: Table, places: Places, *, usual: int, end: int, side_by_side: bool) -> str | None:
    """What is wrong with a row as a whole, if anything."""
    width = table.match.stop
    if not side_by_side and (any(map(str.strip, row.cells[end:])) or len(row.cells) > max(width, usual)):
        return f"the row has {len(row.cells)} cells, the header {width}"
    if row is table.sheet.rows[-1] and table.sheet.cut_short:
        inside = max(cell.count("\n") for cell in row.cells)
        swallowed = f", in a quoted cell of {inside + 1} lines" if inside else ""
        return f"the file ends inside this row{swallowed}"
    if len(row.cells) <= places.last_required:
        return f"the row has {len(row.cells)} cells, the header {width}"
    if _has_swallowed(row, width, places):
        return "a cell holds whole rows: a quote before it is not closed"
    return None
