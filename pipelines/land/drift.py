"""Exports whose columns are no longer those that the specification knows: what becomes of them, by its policy.

``evolve`` takes what it knows and says what it left; ``freeze`` refuses the file; ``quarantine`` holds its rows back
until the specification knows the columns.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipelines.land.outcome import Unusable
from pipelines.land.serials import serial_notes
from pipelines.land.words import fold

if TYPE_CHECKING:
    import duckdb

    from pipelines.land.work import Work
    from pipelines.spec import LayoutSpec

_FIRST_ROWS = 10_000
RETYPED_ROWS = 3
"""From how many values on a column of which none is of its type is said to have changed, not to hold bad rows."""
_CLOSE = 0.8
_LOOKED_AT = 60
"""How many new columns are held against the names that the file lacks: an export may have hundreds."""
_MEASURES = ("count", "amount", "duration")


def refuse_new_columns(works: Iterable[Work]) -> None:
    """Hold a file to the columns of its layouts where these are frozen.

    Raises:
        Unusable: it has others.
    """
    for work in works:
        layout, match = work.table.match.layout, work.table.match
        new = [match.header.cells[place] for place in match.unknown]
        if layout.drift == "freeze" and new:
            named = ", ".join(map(repr, new[:8]))
            raise Unusable(
                f"columns that {layout.layout} does not know: {named}. Its columns are frozen (drift): add them to the "
                f"specification{_proposal(layout, match.columns, new)}"
            )


def rows_held_back(work: Work) -> str | None:
    """Why all rows of a table wait, where they do."""
    layout, match = work.table.match.layout, work.table.match
    if layout.drift != "quarantine" or not match.unknown:
        return None
    new = ", ".join(repr(match.header.cells[place]) for place in match.unknown[:4])
    return f"waits: the specification does not know {new} (drift: quarantine)"


def find_retyped(connection: duckdb.DuckDBPyConnection, work: Work, have: Iterable[str]) -> dict[str, str]:
    """The measures of which the file holds several values and not one is a number, with one of the texts: they are not
    read, rather than every row refused for a column that it can do without.

    Raises:
        Unusable: the layout's columns are frozen.
    """
    layout = work.table.match.layout
    measures = [name for name in have if work.fields[name].type in _MEASURES and not work.fields[name].needed]
    measures = [name for name in measures if name in work.columns and not work.fields[name].required]
    if layout.drift == "quarantine" or not measures:
        return {}
    if work.body and measures:  # most have a number among their first rows
        firsts = f"(select * from {work.name}_made limit {_FIRST_ROWS})"
        row = connection.execute(
            f"select {', '.join(f'count(v_{name})' for name in measures)} from {firsts}"
        ).fetchone()
        measures = [name for name, count in zip(measures, row or (), strict=True) if not count]
        if not measures:
            return {}
    counted = ", ".join(f"count(t_{name}), count(v_{name}), any_value(t_{name})" for name in measures)
    row = connection.execute(f"select {counted} from {work.name}_made").fetchone() or ()
    found = {
        name: str(row[place * 3 + 2])
        for place, name in enumerate(measures)
        if row and row[place * 3] >= RETYPED_ROWS and not row[place * 3 + 1]
    }
    if found and layout.drift == "freeze":
        named = ", ".join(f"{work.native_name(name)!r} ({text!r})" for name, text in found.items())
        raise Unusable(f"columns that hold no number any more: {named}. The columns are frozen (drift)")
    return found


def retyped_notes(works: Iterable[Work]) -> list[str]:
    """What the owner should know of measures that were not read."""
    return [
        f"{work.native_name(name)!r} holds no number in any row (such as {text[:40]!r}): it is not read, and {name} is "
        "not reported"
        for work in works
        for name, text in work.retyped.items()
    ]


def notes_of(works: Sequence[Work]) -> list[str]:
    """What the owner should know of columns that are not read as they stand."""
    return [*retyped_notes(works), *missing_notes(works), *serial_notes(works)]


def missing_notes(works: Iterable[Work]) -> list[str]:
    """What the owner should know of columns that a file has not and its rows are judged by: what stands in for an id,
    and what would have set rows aside."""
    found = []
    for work in works:
        layout, columns = work.table.match.layout, work.table.match.columns
        for name, field in layout.fields.items():
            others = [other for other in field.joined if other in columns]
            others += filter(None, [_stand_in(layout, name, columns)])
            is_made = field.type == "id" and field.needed and name not in columns and others
            if is_made and (native := _native(work, name)):
                named = " / ".join(repr(work.native_name(other)) for other in others)
                found.append(f"no column {native!r}: {name} is made of {named}")
        for test in layout.ignore_rows:
            is_told = test.field not in columns and not test.often_missing
            if is_told and (native := _native(work, test.field)):
                found.append(f"no column {native!r}: what it sets aside ({test.because}) is read like any other row")
    return found


def _stand_in(layout: LayoutSpec, name: str, present: Container[str]) -> str | None:
    """The field that is read in place of one that the file has not."""
    other = layout.fields[name].fallback
    return other if other is None or other in present else _stand_in(layout, other, present)


def _native(work: Work, name: str) -> str | None:
    """What a column that the file has not would be called in its language."""
    names, locales, when = work.fields[name].names, work.table.match.locales, work.table.match.layout.when
    if not names and when and when.present is False:
        names = when.column
    spoken = next((locale for locale, _ in locales.most_common() if names.get(locale)), next(iter(names), None))
    return names[spoken][0] if spoken else None


def renamed_note(layout: LayoutSpec, present: Iterable[str], new: Sequence[str]) -> str | None:
    """What a new column may be: one that the layout knows by a similar name and the file lacks."""
    return _proposal(layout, present, new).removeprefix("; ") or None


def _proposal(layout: LayoutSpec, present: Iterable[str], new: Sequence[str]) -> str:
    """Lines to add to the specification for columns that seem to be renamed; empty where none does."""
    names = {
        fold(spelling): (name, locale)
        for name, field in layout.fields.items()
        if name not in set(present)
        for locale, spellings in field.names.items()
        for spelling in spellings
    }
    found = []
    for column in new[:_LOOKED_AT]:
        for close in get_close_matches(fold(column), names, n=1, cutoff=_CLOSE):
            name, locale = names[close]
            found.append(
                f"{column!r} may be {close!r} renamed: then add it to {layout.layout}.fields.{name}.names.{locale}"
            )
    return "; " + "; ".join(found[:4]) if found else ""
