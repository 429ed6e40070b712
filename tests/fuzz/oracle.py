"""Whether a damaged file's outcome is honest, judged by what the whole file gave.

Never a wrong number: each row that was loaded must be one of the rows of the whole file, once, with no value changed.
What is missing must be said: by a refusal, a question, a quarantined row, or, where the damage took a column away, by
the column itself not being there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.lake import Receipt, readings_folder
from pipelines.land import land
from pipelines.schema import PROVENANCE, catalogue, raw_tables
from pipelines.settings import Home, Settings
from pipelines.spec import load_specs
from tests.fuzz.mutations import Mutant

Row = dict[str, Any]
NO_COLUMN, NEW_COLUMNS, LEFT_OUT = "no column ", " new to the specification", "is left out"
"""How receipts begin to speak of a column that is not there, one that is unknown, one of two that are named alike."""
SEARCHED = 200
"""Of more rows that are all alike none can stand in the place of another."""


@dataclass(frozen=True)
class Landed:
    """A receipt and the canonical rows of a file, by raw table, without provenance and texts for people."""

    receipt: Receipt
    rows: dict[str, list[Row]]


def landed(home: Home, path: str, content: bytes, settings: Settings) -> Landed:
    """Land one file in a home of its own and read back what came of it."""
    target = home.landing / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    [receipt] = land(home, settings, paths=[target])
    folder = readings_folder(home) / receipt.reading_id
    rows = {table: _rows(folder / f"{table}.parquet", table) for table in raw_tables()}
    return Landed(receipt, {table: found for table, found in rows.items() if found})


def _rows(path: Path, table: str) -> list[Row]:
    if not path.exists():
        return []
    result = duckdb.sql(f"select * from read_parquet('{path}') order by row_number")
    names = [column[0] for column in result.description]
    found = []
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        hard = _hard_columns(table, row["layout"])
        found.append(
            {name: _to_the_minute(value) for name, value in row.items() if name in hard and not _is_soft(value)}
        )
    return found


def _is_soft(value: Any) -> bool:
    """Whether a value decides nothing: none, or a digest of a text."""
    return value is None or (isinstance(value, str) and value.startswith("p_"))


def _to_the_minute(value: Any) -> Any:
    """A spreadsheet drops the seconds of the times that it saves."""
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


@cache
def _hard_columns(table: str, layout: str) -> frozenset[str]:
    """The columns of a table that decide numbers: amounts, counts, days, and keys that are not made from the rest."""
    raw = raw_tables()[table]
    made = {
        name
        for spec in load_specs().values()
        for each in spec.layouts
        if each.layout == layout
        for name, field in each.fields.items()
        if field.type in ("content_id", "occurrence") or field.personal
    }
    texts = {*raw.natural_key, "currency", "basis", "network"}
    hard = {column.name for column in raw.columns if column.sql_type != "VARCHAR" or column.name in texts}
    return frozenset(hard - made - {column.name for column in PROVENANCE} - {"occurrence"})


def judge(whole: Landed, mutant: Mutant, found: Landed) -> str:
    """``right``, ``refused``, ``asked``, ``quarantined``, ``reduced`` (by what was taken away, and said), or
    ``undecidable``; or ``wrong: ...`` with what is wrong."""
    receipt = found.receipt
    if receipt.status == "needs_answer":
        return "asked"
    if receipt.status in ("refused", "ignored"):
        return "refused" if receipt.reason else f"wrong: {receipt.status} without a reason"
    for table, rows in found.rows.items():
        known = whole.rows.get(table, [])
        pairs = _matched(rows, known)
        strangers = [row for index, row in enumerate(rows) if index not in pairs]
        if strangers and not _is_said(whole, mutant, found, table, strangers):
            if _is_undecidable(whole, mutant, found, strangers, known):
                return "undecidable"
            return f"wrong: {table} holds {_shown(strangers[0], known)}"
        lost = {name for index, place in pairs.items() for name in known[place] if name not in rows[index]}
        if not (mutant.without or mutant.loses_rows or receipt.quarantine) and not _are_named(lost, found):
            return f"wrong: {table} lost {', '.join(sorted(lost))} without a word"
    missing = sum(len(rows) for rows in whole.rows.values()) - sum(len(rows) for rows in found.rows.values())
    if missing and receipt.quarantine:
        return "quarantined"
    if missing and not mutant.loses_rows and not mutant.without:
        return f"wrong: {missing} rows are gone without a word"
    return "right" if found.rows == whole.rows else "reduced"


def _are_named(lost: set[str], found: Landed) -> bool:
    """Whether the receipt speaks of what is missing: by its name, or of the columns that it does not know."""
    said = " ".join(found.receipt.warnings)
    return NEW_COLUMNS in said or all(re.search(rf"\b{name}\b", said) for name in lost)


def _is_said(whole: Landed, mutant: Mutant, found: Landed, table: str, strangers: list[Row]) -> bool:
    """Whether rows that the whole file does not hold are what the receipt says of a column that was taken away: they
    are no longer kept out by it, or they add up to the same under the name that stands in for an id."""
    if not mutant.without:
        return False
    said = " ".join(note for note in found.receipt.warnings if note.startswith(NO_COLUMN))
    aside = [(reason, n) for part in whole.receipt.parts for reason, n in part.ignored_reasons.items()]
    kept_out = len(whole.receipt.quarantine) + sum(n for reason, n in aside if reason in said)
    return len(strangers) <= kept_out or (bool(said) and _sums(found.rows[table]) == _sums(whole.rows.get(table, [])))


def _sums(rows: list[Row]) -> dict[str, Any]:
    """What the rows come to, number by number; of people no more than one row says."""
    names = {name for row in rows for name, value in row.items() if isinstance(value, int | Decimal)}
    summable = {name for name in names if name not in catalogue() or catalogue()[name].is_summable}
    return {name: sum(row.get(name, 0) for row in rows) for name in summable}


def _is_undecidable(whole: Landed, mutant: Mutant, found: Landed, strangers: list[Row], known: list[Row]) -> bool:
    """Whether nothing in the damaged file tells that the rows are not as they stand there."""
    if mutant.undecidable and len(strangers) == 1:
        return True
    if mutant.put and any(_holds(mutant.put, row) for row in strangers):  # an id may be any word
        return all(_holds(mutant.put, row) or _is_part(row, known) for row in strangers)
    if all(_is_turned_round(row, known) for row in strangers):
        return True
    if mutant.loses_rows and not found.receipt.quarantine:  # a sum of which a row is gone
        return all(_is_part(row, known) for row in strangers)
    if mutant.without and _layouts(whole) != _layouts(found):  # as a report without that column would be
        return all(_differing(row, known) <= _OF_THE_LAYOUT for row in strangers)
    left_out = " ".join(note for note in whole.receipt.warnings if LEFT_OUT in note)  # two of one name
    return bool(left_out) and all(name in left_out for row in strangers for name in _differing(row, known))


_OF_THE_LAYOUT = {"basis", "metric_date", "period_start", "period_end", "dimension", "scope"}
"""What no cell says: of what grain a table is."""


def _layouts(landed: Landed) -> set[str]:
    return {part.layout for part in landed.receipt.parts}


def _holds(word: str, row: Row) -> bool:
    """Whether a word stands in a text of a row, as it was or in snake case."""
    texts = [value for value in row.values() if isinstance(value, str)]
    return any(word in text or re.sub(r"\W+", "_", word) in text for text in texts)


def _differing(row: Row, known: list[Row]) -> set[str]:
    """What sets a row apart from the nearest that the whole file holds."""
    if not known:
        return set(row)
    nearest = max(known, key=lambda other: len(row.items() & other.items()))
    return {name for name, value in row.items() if nearest.get(name) != value}


def _is_part(row: Row, known: list[Row]) -> bool:
    """Whether a row is one of the whole file's but for numbers that are smaller, or people who were of several."""

    def fits(other: Row) -> bool:
        differing = [(name, value, other.get(name)) for name, value in row.items() if other.get(name) != value]
        return all(
            not isinstance(value, str | date) and (theirs is None or value < theirs) for _, value, theirs in differing
        )

    return any(map(fits, known))


def _matched(rows: list[Row], known: list[Row]) -> dict[int, int]:
    """Each row's own place among the known rows that say at least what it says (a maximum matching)."""
    fitting = _fitting(rows, known)
    owner: dict[int, int] = {}

    def place_for(index: int, seen: set[int]) -> bool:
        for place in fitting[index]:
            if place not in seen:
                seen.add(place)
                if place not in owner or place_for(owner[place], seen):
                    owner[place] = index
                    return True
        return False

    for index in sorted(range(len(rows)), key=lambda place: -len(rows[place])):
        free = next((place for place in fitting[index] if place not in owner), None)
        if free is not None:
            owner[free] = index
        elif len(fitting[index]) < SEARCHED:
            place_for(index, set())
    return {index: place for place, index in owner.items()}


def _fitting(rows: list[Row], known: list[Row]) -> list[list[int]]:
    """For each row the places of the known rows that say at least what it says; equal rows share one list."""
    tables: dict[tuple[str, ...], dict[tuple[Any, ...], list[int]]] = {}
    found = []
    for row in rows:
        names = tuple(sorted(row))
        if names not in tables:
            tables[names] = table = {}
            for place, other in enumerate(known):
                if other.keys() >= row.keys():
                    table.setdefault(tuple(other[name] for name in names), []).append(place)
        found.append(tables[names].get(tuple(row[name] for name in names), []))
    return found


def _is_turned_round(row: Row, known: list[Row]) -> bool:
    """Whether a row is one of the whole file's but for days and months that were turned round before we saw it: where
    a spreadsheet of another country could do so with every date of a file, nothing in it tells."""
    return any(_same_but_turned(row, other) for other in known)


def _same_but_turned(row: Row, other: Row) -> bool:
    differing = [(value, other.get(name)) for name, value in row.items() if other.get(name) != value]
    return bool(differing) and all(
        isinstance(ours, date)
        and isinstance(theirs, date)
        and (ours.year, ours.month, ours.day) == (theirs.year, theirs.day, theirs.month)
        for ours, theirs in differing
    )


def _shown(row: Row, known: list[Row]) -> str:
    """A row that the whole file does not hold, by what sets it apart from the nearest that it does."""
    if not known:
        return f"a row that the whole file has not: {row}"
    nearest = max(known, key=lambda other: len(row.items() & other.items()))
    differing = {name: (row[name], nearest.get(name)) for name in sorted(_differing(row, known))}
    return f"other values than the whole file (here, there): {differing}" if differing else f"a row twice: {row}"
