"""Which rows below a header are data, and which are something else: totals, notes, descriptions, damage."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field

from pipelines.land.readers import DELIMITERS, Row
from pipelines.land.recognise import Table, is_after_gap
from pipelines.land.words import fold, words

TOTAL_ROW = "total row"
CAPPED_NOTE = "note: the network cut the export at a number of rows"
NOTE = "note of the network"
DESCRIPTION = "description of the columns"
PREAMBLE = "line above the table"


@dataclass
class Sorted:
    """The rows of a table by what becomes of them. ``ignored`` and ``refused`` carry the reason."""

    data: list[Row] = field(default_factory=list)
    ignored: list[tuple[Row, str]] = field(default_factory=list)
    refused: list[tuple[Row, str]] = field(default_factory=list)

    def reasons(self) -> dict[str, int]:
        return dict(Counter(reason for _, reason in self.ignored))


_KEYS = ("id", "url", "date", "timestamp", "yearless_date")
_TYPED = ("count", "amount", "date", "timestamp")


@dataclass(frozen=True)
class _Places:
    """Where the columns of one table stand, by what they are good for."""

    keys: tuple[int, ...]
    day: tuple[int, ...]
    typed: tuple[int, ...]
    counts: tuple[int, ...]
    last_required: int

    @classmethod
    def of(cls, table: Table) -> _Places:
        fields = table.match.layout.fields
        first = {name: places[0] for name, places in table.match.columns.items() if name in fields}
        return cls(
            tuple(place for name, place in first.items() if fields[name].type in _KEYS),
            tuple(place for name, place in first.items() if name == "metric_date"),
            tuple(place for name, place in first.items() if fields[name].type in _TYPED),
            tuple(place for name, place in first.items() if fields[name].type == "count"),
            max((place for name, place in first.items() if fields[name].required), default=0),
        )


def _filled(row: Row, start: int, stop: int) -> list[str]:
    return list(filter(str.strip, row.cells[start:stop]))


def _at(row: Row, places: tuple[int, ...]) -> list[str]:
    """The filled cells at these places that do not just say that there is no value."""
    cells = (row.cells[place].strip() for place in places if place < len(row.cells))
    return [cell for cell in cells if cell and cell.casefold() not in words().missing]


def _is_description(row: Row, places: _Places) -> bool:
    """Whether a row under the header holds prose where numbers and dates belong."""
    prose = _at(row, places.typed)
    return len(prose) >= 2 and all(len(cell.split()) >= 3 and not any(c.isdigit() for c in cell[:2]) for cell in prose)


def _is_total(row: Row, cells: list[str], places: _Places) -> bool:
    """Whether a row says that it is a total: in the place of its day, or anywhere where no key says that it is a post
    or a day after all."""
    if any(map(words().is_total, _at(row, places.day))):
        return True
    keys = _at(row, places.keys)
    named = [cell for cell in keys if words().is_total(cell)]
    return (bool(named) or words().is_total(cells[0])) and len(named) == len(keys)


def _is_other_header(row: Row, cells: list[str], places: _Places, *, after_gap: bool) -> bool:
    """Whether a row is the header of a table that no layout knows: words where numbers and dates belong."""
    if any(character.isdigit() for cell in cells for character in cell):
        return False
    return len(cells) >= 2 and len(_at(row, places.typed)) >= (1 if after_gap else 3)


def _has_swallowed(row: Row, width: int, places: _Places) -> bool:
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


def _damage(row: Row, table: Table, places: _Places, *, side_by_side: bool) -> str | None:
    """What is wrong with a row as a whole, if anything."""
    width = table.match.stop
    if not side_by_side and any(map(str.strip, row.cells[width:])):
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


def sort_rows(table: Table) -> Sorted:
    """Sort the rows below a table's header. Every row that is not blank ends in exactly one place."""
    match, layout = table.match, table.match.layout
    found = Sorted()
    if not layout.fills():
        found.ignored = [(row, layout.ignored_because or layout.about) for row in table.rows]
        return found
    header = [fold(cell) for cell in match.header.cells[match.start : match.stop]]
    places = _Places.of(table)
    side_by_side = match.stop < len(match.header.cells)
    other_header, before = 0, match.header
    for index, row in enumerate(table.rows):
        after_gap, before = is_after_gap(before, row), row
        cells = _filled(row, match.start, match.stop)
        if not cells:
            if not side_by_side and _filled(row, match.stop, len(row.cells)):
                found.refused.append((row, "cells only to the right of the table"))
        elif len(cells) == 1 and (kind := words().note_kind(cells[0])):
            found.ignored.append((row, CAPPED_NOTE if kind == "capped" else NOTE))
        elif other_header:
            found.refused.append((row, f"below a header that no source knows (line {other_header})"))
        elif layout.grain not in ("order", "order line", "touch") and _is_total(row, cells, places):
            found.ignored.append((row, TOTAL_ROW))
        elif fold(cells[0]) in header[:3] and [fold(c) for c in row.cells[match.start : match.stop]] == header:
            found.ignored.append((row, "the header again"))
        elif index == 0 and _is_description(row, places):
            found.ignored.append((row, DESCRIPTION))
        elif _is_other_header(row, cells, places, after_gap=after_gap):
            other_header = row.number
            found.refused.append((row, "a second header that no source knows"))
        elif damage := _damage(row, table, places, side_by_side=side_by_side):
            found.refused.append((row, damage))
        else:
            found.data.append(row)
    return found
