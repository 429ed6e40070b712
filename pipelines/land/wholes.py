"""Rows that say something of all others, beside a row for each: a report by age with a line for all ages, a line of
averages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.words import fold, words
from pipelines.schema import literal

if TYPE_CHECKING:
    import duckdb

_NAMED = ("text", "id", "url", "date", "timestamp", "yearless_date")
_SUMMED = ("count", "amount")


def _is_all(cell: str) -> bool:
    return len(cell) < 20 and cell.strip().lower() in words().all_days


def places_of(table: Table) -> tuple[list[int], list[int], list[int]]:
    """The columns that name what a row is of, those that are not read, and those that add up."""
    match = table.match
    fields = match.layout.fields
    first = {places[0]: fields[name].type for name, places in match.columns.items() if name in fields}
    taken = {place for places in match.columns.values() for place in places}
    unread = [place for place in range(match.start, match.stop) if place not in taken]
    return [p for p in first if first[p] in _NAMED], unread, [p for p in first if first[p] in _SUMMED]


def hundredths(cell: str) -> int:
    """A number in hundredths, whatever marks its digits: one or two digits after the last mark are decimals."""
    whole, decimals, *_ = *re.split(r"[.,](?=\d{1,2}$)", cell.strip()), ""
    return int("0" + re.sub(r"\D", "", whole)) * 100 + int(decimals.ljust(2, "0") or 0)


def wholes(table: Table) -> set[int]:
    """The lines of rows that say "All" where others of the same thing say a part of it, in a table whose rows are
    added up.

    In a column that is not read that is enough. In a column of names, where something may be called so, a number must
    be the sum of the parts' too.
    """
    if not table.match.layout.summed_by:
        return set()
    named, unread, summed = places_of(table)
    said = {
        row.number: [p for p in (*named, *unread) if p < len(row.cells) and _is_all(row.cells[p])] for row in table.rows
    }
    whole = [row for row in table.rows if said[row.number]]
    if not whole:
        return set()
    parts = [row for row in table.rows if not said[row.number]]
    groups: dict[tuple[int, ...], dict[tuple[str, ...], list[Row]]] = {}
    found = set()
    for row in whole:
        kept = tuple(p for p in named if p not in said[row.number] and p < len(row.cells) and row.cells[p].strip())
        if kept not in groups:
            groups[kept] = _grouped(parts, kept)
        same = groups[kept].get(_cells(row, kept), [])
        same = [part for part in same if all(_filled(part, place) for place in said[row.number])]
        if same and (not set(said[row.number]) & set(named) or _adds_up(row, same, summed)):
            found.add(row.number)
    return found


def _grouped(rows: Iterable[Row], places: tuple[int, ...]) -> dict[tuple[str, ...], list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[_cells(row, places)].append(row)
    return groups


def _cells(row: Row, places: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(row.cells[place].strip() if place < len(row.cells) else "" for place in places)


def _filled(row: Row, place: int) -> bool:
    return place < len(row.cells) and bool(row.cells[place].strip())


def _adds_up(row: Row, parts: list[Row], places: list[int]) -> bool:
    """Whether no number of a row is below its greatest part or above the sum of all, and one is the sum: people who
    are in two parts count once in the whole."""
    is_sum = False
    for place in places:
        total = hundredths(*_cells(row, (place,)))
        values = [hundredths(*_cells(part, (place,))) for part in parts]
        if not max(values) <= total <= sum(values) + len(values):
            return False
        is_sum = is_sum or 0 < total == sum(values)
    return is_sum


def averages(table: Table) -> set[int]:
    """The lines of rows that are called an average and whose numbers are those of the others, in a table whose rows are
    added up. A campaign may be called `Media` too."""
    if not table.match.layout.summed_by:
        return set()
    named, _, summed = places_of(table)
    called = [row for row in table.rows if _is_called(row, named, words().averages)]
    if not called:
        return set()
    totals = {row.number for row in table.rows if any(map(words().is_total, filter(None, _cells(row, tuple(named)))))}
    others = [row for row in table.rows if row not in called and row.number not in totals]
    return {row.number for row in called if _is_average(row, others, summed)}


def _is_called(row: Row, places: Iterable[int], listed: frozenset[str]) -> bool:
    first = next(filter(None, map(str.strip, row.cells)), "")
    return any(fold(cell) in listed for cell in {first, *_cells(row, tuple(places))} if 0 < len(cell) < 20)


def _is_average(row: Row, others: list[Row], places: list[int]) -> bool:
    """Whether every number of a row is the average of those in its column, give or take what rounding does to it."""
    told = False
    for place in places:
        [said] = _cells(row, (place,))
        values = [hundredths(*_cells(other, (place,))) for other in others if _filled(other, place)]
        if not said or not values:
            continue
        slack = 1 if re.search(r"[.,]\d{1,2}$", said) else 100
        if abs(hundredths(said) * len(values) - sum(values)) > slack * len(values):
            return False
        told = told or (len(values) > 1 and sum(values) > 0)
    return told


def has_all(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether the view ``text0_rows`` may hold such a row."""
    if not table.match.layout.summed_by:
        return False
    named, unread, _ = places_of(table)
    listed = ", ".join(literal(word) for word in sorted(words().all_days))
    tests = " or ".join(f"lower(trim(c{place})) in ({listed})" for place in (*named, *unread))
    return bool(tests) and connection.execute(f"select 1 from text0_rows where {tests} limit 1").fetchone() is not None
