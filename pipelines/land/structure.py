"""Which rows below a header are data, and which are something else: totals, notes, descriptions, damage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.land.damage import damage_of, end_of_named, usual_length
from pipelines.land.readers import Row
from pipelines.land.recognise import Table, is_after_gap
from pipelines.land.twins import twins
from pipelines.land.wholes import averages, hundredths, wholes
from pipelines.land.words import fold, words
from pipelines.spec import FieldSpec

TOTAL_ROW = "total row"
AVERAGE_ROW = "row of averages"
CAPPED_NOTE = "note: the network cut the export at a number of rows"
NOTE = "note of the network"
DESCRIPTION = "description of the columns"
PREAMBLE = "line above the table"
SAME_ROW = "the same row again"
TWINS = (
    "stands twice, cell by cell, among rows that are added up and that no column tells apart: it may be one more part "
    "or the same again. Export it with the column by which it is broken down, or leave one of the two out"
)
ENDS_TABLE = ("one cell below a gap: no row of this table", "a second header that no source knows")
"""Why a row is refused with all that stands below it."""
NOTES_WIDTH = 3
"""From so many columns on, one cell alone below a gap is someone's own note, and so is what follows it."""


@dataclass
class Sorted:
    """The rows of a table by what becomes of them. ``ignored`` and ``refused`` carry the reason.

    Of a large table the data rows are in the engine alone: ``elsewhere`` says how many."""

    data: list[Row] = field(default_factory=list)
    ignored: list[tuple[Row, str]] = field(default_factory=list)
    refused: list[tuple[Row, str]] = field(default_factory=list)
    elsewhere: int = 0

    @property
    def data_count(self) -> int:
        """How many rows are data."""
        return len(self.data) + self.elsewhere

    def reasons(self) -> dict[str, int]:
        return dict(Counter(reason for _, reason in self.ignored))


_KEYS = ("id", "url", "date", "timestamp", "yearless_date")
_DATES = ("date", "timestamp", "yearless_date")
_TYPED = ("count", "amount", "date", "timestamp")


@dataclass(frozen=True)
class Places:
    """Where the columns of one table stand, by what they are good for: ``keys`` say that a row is a post or a day,
    ``own`` is its own id, ``aliases`` the name that a file without such ids has in its stead."""

    keys: tuple[int, ...]
    own: tuple[int, ...]
    aliases: tuple[int, ...]
    day: tuple[int, ...]
    dates: tuple[int, ...]
    typed: tuple[int, ...]
    counts: tuple[int, ...]
    amounts: tuple[int, ...]
    names: tuple[int, ...]
    labels: tuple[int, ...]
    spelt: tuple[tuple[int, str], ...]
    last_required: int

    @property
    def named(self) -> tuple[int, ...]:
        """Where a word may stand that says that a row is a total, beside its first cell."""
        return tuple(dict.fromkeys((*self.keys, *self.day, *self.aliases)))

    @classmethod
    def of(cls, table: Table) -> Places:
        fields = table.match.layout.fields
        first = {name: places[0] for name, places in table.match.columns.items() if name in fields}
        ids = [name for name, field in fields.items() if field.type == "id" and field.needed]
        return cls(
            tuple(place for name, place in first.items() if fields[name].type in _KEYS),
            tuple(first[name] for name in ids if name in first),
            tuple(place for name in ids if name not in first and (place := _stand_in(name, fields, first)) is not None),
            tuple(place for name, place in first.items() if name == "metric_date"),
            tuple(place for name, place in first.items() if fields[name].type in _DATES),
            tuple(place for name, place in first.items() if fields[name].type in _TYPED),
            tuple(place for name, place in first.items() if fields[name].type == "count"),
            tuple(place for name, place in first.items() if fields[name].type == "amount"),
            tuple(
                first[part]
                for name in fields
                for part in (name, *fields[name].joined)
                if fields[name].joined and part in first
            ),
            tuple(place for name, place in first.items() if fields[name].required and fields[name].default is not None),
            tuple(
                (place, fields[name].pattern or "https?://.+")
                for name, place in first.items()
                if fields[name].type == "url" or (fields[name].type == "id" and fields[name].pattern)
            ),
            max((place for name, place in first.items() if fields[name].required), default=0),
        )


def _stand_in(name: str, fields: Mapping[str, FieldSpec], first: Mapping[str, int]) -> int | None:
    """The column that is read in place of one that the file has not."""
    other = fields[name].fallback
    return first.get(other, _stand_in(other, fields, first)) if other else None


def _filled(row: Row, start: int, stop: int) -> list[str]:
    return list(filter(str.strip, row.cells[start:stop]))


def _at(row: Row, places: tuple[int, ...]) -> list[str]:
    """The filled cells at these places that do not just say that there is no value."""
    cells = (row.cells[place].strip() for place in places if place < len(row.cells))
    return [cell for cell in cells if cell and cell.casefold() not in words().missing]


def _is_description(row: Row, places: Places) -> bool:
    """Whether a row under the header holds prose where numbers and dates belong."""
    prose = _at(row, places.typed)
    return len(prose) >= 2 and all(len(cell.split()) >= 3 and not any(c.isdigit() for c in cell[:2]) for cell in prose)


def _is_value(row: Row, above: Row, places: Places) -> bool:
    """Whether the one cell of a row right below another is a number or a date in its own column: of the first, where
    notes stand too, only a date written as the one above, an address or an id that looks like one."""
    if row.number - above.end > 1:
        return False
    for place in places.typed:
        for cell in _at(row, (place,)):
            if place not in places.dates or place:
                return any(map(str.isdigit, cell))
            return [_shape(cell)] == [*map(_shape, _at(above, (place,)))]
    spelt = ((cell, pattern) for place, pattern in places.spelt for cell in _at(row, (place,)))
    return any(re.fullmatch(pattern, cell) and not _is_word(cell) for cell, pattern in spelt)


def _is_word(cell: str) -> bool:
    return cell.isalpha() and (cell.islower() or cell.isupper() or cell.istitle())


def _shape(cell: str) -> str:
    return re.sub(r"[^\W\d]+", "a", re.sub(r"\d+", "9", cell))


def _is_total(row: Row, cells: list[str], places: Places) -> bool:
    """Whether a row says that it is a total: in the place of its day, in that of its own id where it has no day, or in
    that of its name or first, where no key says that it is a post or a day after all."""
    if any(map(words().is_total_of_days, _at(row, places.day))):
        return True
    if not _at(row, places.dates) and any(map(words().is_total, _at(row, places.own))):
        return True
    keys = _at(row, places.keys)
    named = [cell for cell in keys if words().is_total(cell)]
    said = bool(named) or words().is_total(cells[0]) or any(map(words().is_total, _at(row, places.aliases)))
    return said and len(named) == len(keys)


def _is_nameless_total(row: Row, table: Table, places: Places, weights: _Weights) -> bool:
    """Whether a row that names nothing holds the sum of all others, or is named a total and nothing else, in a table
    whose rows are known by their names. Where a name may be blank, a blank row is a total if it outweighs the others:
    a table that is cut holds the total of more rows than it has."""
    if places.labels and not _at(row, places.labels):
        return weights.are_outweighed_by(row)
    named = _at(row, places.names)
    if not places.names or len(table.rows) < 2 or not all(map(words().is_total, named)):
        return False
    if named:
        return True
    for place in (*places.counts, *places.amounts):
        if len(row.cells) > place and (total := hundredths(row.cells[place])):
            others = (other.cells[place] for other in table.rows if other is not row and place < len(other.cells))
            if sum(map(hundredths, others)) == total:
                return True
    return False


@dataclass(frozen=True)
class _Weights:
    """What the columns of a table add up to, worked out when a row is first held against it."""

    table: Table
    places: Places

    @cached_property
    def columns(self) -> dict[int, tuple[int, int, int]]:
        """Of each column its sum, its greatest value and the one next to that."""
        found = {}
        for place in self.places.counts or self.places.amounts:
            values = sorted(hundredths(row.cells[place]) for row in self.table.rows if place < len(row.cells))
            greatest, next_to_it = (*reversed(values[-2:]), 0, 0)[:2]
            found[place] = (sum(values), greatest, next_to_it)
        return found

    def are_outweighed_by(self, row: Row) -> bool:
        """Whether a row holds the sum of all others, or more; or stands at an end and exceeds each of them."""
        own = {place: hundredths(row.cells[place]) for place in self.columns if place < len(row.cells)}
        told = {place: value for place, value in own.items() if value}
        if any(2 * value >= self.columns[place][0] > value for place, value in told.items()):
            return True
        is_at_end = len(self.table.rows) > 1 and row in (self.table.rows[0], self.table.rows[-1])
        return is_at_end and bool(told) and all(v == self.columns[p][1] > self.columns[p][2] for p, v in told.items())


def _is_other_header(row: Row, cells: list[str], places: Places, *, after_gap: bool) -> bool:
    """Whether a row is the header of a table that no layout knows: words where numbers and dates belong."""
    if any(character.isdigit() for cell in cells for character in cell):
        return False
    return len(cells) >= 2 and len(_at(row, places.typed)) >= (1 if after_gap else 3)


def sort_rows(table: Table, *, usual: int | None = None) -> Sorted:
    """Sort the rows below a table's header. Every row that is not blank ends in exactly one place.

    Args:
        usual: how many cells most rows have, where these are but some of the table's.
    """
    match, layout = table.match, table.match.layout
    found = Sorted()
    if table.aside or not layout.fills():
        found.ignored = [(row, table.aside or layout.ignored_because or layout.about) for row in table.rows]
        return found
    header = [fold(cell) for cell in match.header.cells[match.start : match.stop]]
    places = Places.of(table)
    weights = _Weights(table, places)
    of_all, of_others, twice = wholes(table), averages(table), twins(table)
    side_by_side = any(map(str.strip, match.header.cells[match.stop :]))
    other_header, before, usual, end = 0, match.header, usual or usual_length(table), end_of_named(table)
    for index, row in enumerate(table.rows):
        above, before = before, row
        after_gap = is_after_gap(above, row)
        cells = _filled(row, match.start, match.stop)
        if not cells:
            if not side_by_side and _filled(row, match.stop, len(row.cells)):
                found.refused.append((row, "cells only to the right of the table"))
        elif len(cells) == 1 and (kind := words().note_kind(cells[0])):
            found.ignored.append((row, CAPPED_NOTE if kind == "capped" else NOTE))
        elif other_header:
            found.refused.append((row, f"below a header that no source knows (line {other_header})"))
        elif (
            len(cells) == 1
            and after_gap
            and not (side_by_side or _is_value(row, above, places))
            and match.stop - match.start >= NOTES_WIDTH
        ):
            other_header = row.number
            found.refused.append((row, ENDS_TABLE[0]))
        elif row.number in of_others:
            found.ignored.append((row, AVERAGE_ROW))
        elif layout.grain not in ("order", "order line", "touch") and (
            _is_total(row, cells, places)
            or _is_nameless_total(row, table, places, weights)
            or row.number in of_all
            or (not side_by_side and any(map(words().is_total, _filled(row, match.stop, len(row.cells)))))
        ):
            found.ignored.append((row, TOTAL_ROW))
        elif fold(cells[0]) in header[:3] and [fold(c) for c in row.cells[match.start : match.stop]] == header:
            found.ignored.append((row, "the header again"))
        elif index == 0 and _is_description(row, places):
            found.ignored.append((row, DESCRIPTION))
        elif _is_other_header(row, cells, places, after_gap=after_gap):
            other_header = row.number
            found.refused.append((row, ENDS_TABLE[1]))
        elif damage := damage_of(row, table, places, usual=usual, end=end, side_by_side=side_by_side):
            found.refused.append((row, damage))
        elif row.number in twice.again:
            found.ignored.append((row, SAME_ROW))
        elif row.number in twice.doubtful:
            found.refused.append((row, TWINS))
        else:
            found.data.append(row)
    return found
