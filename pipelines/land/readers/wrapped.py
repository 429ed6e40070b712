"""Text saved again as one column: each line of the old text is a cell of the new one, quoted where it must be."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.land.readers.grid import Row

Records = tuple[list[Row], bool]
"""The records of a text, and whether it ends inside a quoted cell."""

Read = Callable[[str, str, int], Records]
"""Reads the records of a text, by a delimiter, the first line having this number."""

LOOKED_AT = 50


def unwrapped(text: str, delimiter: str, records: list[Row], others: str, read: Read) -> Records | None:
    """The records inside the lines of a text saved as one column, split at ``delimiter``; None if it is no such text.

    A program whose own delimiter is this one quotes each line that holds it. One with another delimiter quotes only the
    lines that hold that one or a quote, so lines of a longer text stand bare among the quoted, the header often too:
    then four of five records inside must be as wide as the header.

    Args:
        records: of the text as it stands, by ``delimiter``.
        others: the other delimiters.
    """
    if len(records) < 2:
        return None
    width, first = len(records[0].cells), records[0].cells[0]
    if width > 1:
        if not any(_holds_a_row(row, width, delimiter, others, read) for row in records):
            return None
    elif first.count(delimiter) < 2:
        return None
    elif all(len(row.cells) == 1 for row in records[:LOOKED_AT]) and records[1].cells[0].count(delimiter) >= 2:
        return _inside(text, records, delimiter, read, tail=first[len(first.rstrip(others)) :])
    for outer in others:
        lines, _ = read(text, outer, records[0].number)
        if any(cell.strip() for row in lines[: LOOKED_AT if width == 1 else None] for cell in row.cells[1:]):
            continue
        inside = _inside(text, lines, delimiter, read, tail="")
        head, *rows = (len(row.cells) for row in inside[0][:LOOKED_AT])
        if rows.count(head) * 5 >= len(rows) * 4 > 0:
            return inside
    return None


def _holds_a_row(row: Row, width: int, delimiter: str, others: str, read: Read) -> bool:
    """Whether a lone cell holds a whole row below a bare header, and the mark for which it was quoted."""
    cell = row.cells[0]
    if len(row.cells) > 1 or width < 3 or cell.count(delimiter) < width - 1 or not set(cell) & {'"', *others}:
        return False
    inner, _ = read(cell, delimiter, 1)
    return len(inner) == 1 and len(inner[0].cells) == width


def _inside(text: str, records: list[Row], delimiter: str, read: Read, *, tail: str) -> Records:
    lines: list[str] = []
    numbers: list[int] = []
    for row in records:
        blank = range(numbers[-1] + 1 if numbers else row.number, row.number)
        cell = row.cells[0].removesuffix(tail).split("\n")
        lines += [*[""] * len(blank), *cell]
        numbers += [*blank, *(min(row.number + n, row.end) for n in range(len(cell) - 1)), row.end]
    inner, ends_inside_quotes = read("\n".join(lines) + ("\n" if text.endswith("\n") else ""), delimiter, 0)
    last = len(numbers) - 1
    found = [Row(numbers[min(row.number, last)], row.cells, numbers[min(row.end, last)]) for row in inner]
    return found, ends_inside_quotes
