"""Rows of a table of parts that stand there twice, cell by cell: the same part again, or two parts that are equal."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.wholes import hundredths, places_of

_NUMBER = re.compile(r"[^\w]*\d[\d.,\s]*%?[^\w]*")


@dataclass(frozen=True)
class Twins:
    """The line numbers of rows that stand in a table once more, and of those of which that is not sure."""

    again: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()


def twins(table: Table) -> Twins:
    """Tell apart the rows of a table of parts that stand there twice.

    Where a column that is not read tells parts apart (age, country), or where nothing is in parts, the second row is
    the first again. Where things are in parts and the column that tells them apart is gone, it may be one more part; a
    part of nothing adds nothing and stays.
    """
    if not table.match.layout.summed_by:
        return Twins()
    same: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in table.rows:
        if any(map(str.strip, row.cells)):
            same[row.cells].append(row)
    if not any(len(rows) > 1 for rows in same.values()):
        return Twins()
    named, unread, summed = places_of(table)
    parts: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for cells in same:
        parts[tuple(cells[place].strip() for place in named if place < len(cells))].append(cells)
    told = {place for place in unread for group in parts.values() if _tells(place, group)}
    is_in_parts = any(len(group) > 1 for group in parts.values())
    again, doubtful = set[int](), set[int]()
    for cells, rows in ((cells, rows) for cells, rows in same.items() if len(rows) > 1):
        if any(place < len(cells) and cells[place].strip() for place in told):
            again.update(row.number for row in rows[1:])
        elif any(hundredths(cells[place]) for place in summed if place < len(cells)):
            (doubtful if is_in_parts else again).update(row.number for row in (rows if is_in_parts else rows[1:]))
    return Twins(frozenset(again), frozenset(doubtful))


def _tells(place: int, group: list[tuple[str, ...]]) -> bool:
    """Whether a column says of the parts of one thing which they are, by more than a number."""
    said = {cells[place].strip() for cells in group if place < len(cells)} - {""}
    return len(said) > 1 and not all(map(_NUMBER.fullmatch, said))
