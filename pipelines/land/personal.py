"""Which cells of a table are about people, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.land.identifiers import person, pseudonym
from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.words import fold, words

Mask = Callable[[str], str]


def personal_places(table: Table) -> set[int]:
    """The positions of the columns that hold personal identifiers."""
    return {place for place, mask in personal_columns(table).items() if mask is not person}


def shifted_rows(table: Table, rows: Sequence[Row]) -> list[int]:
    """The rows that end before the header does, in a table with personal columns: a cell may have slipped."""
    if not personal_places(table):
        return []
    width = len(table.match.header.cells)
    return [row.number for row in rows if len(row.cells) < width]


def _nothing(_: str) -> str:
    return ""


def personal_columns(table: Table) -> dict[int, Mask]:
    """How to replace the personal columns of a table, by position: a digest, or nothing at all."""
    masks: dict[int, Mask] = {}
    for name, places in table.match.columns.items():
        spec = table.match.layout.fields.get(name)
        if spec and (spec.personal or spec.type == "person"):
            masks.update(dict.fromkeys(places, pseudonym if spec.personal else person))
    for place in table.match.unknown:
        is_personal = words().personal.search(fold(table.match.header.cells[place]))
        masks[place] = _nothing if is_personal else person
    dropped = {fold(name) for names in table.match.layout.columns_personal.values() for name in names}
    for place in table.match.ignored:
        folded = fold(table.match.header.cells[place])
        if any(folded == name or (name.endswith("*") and folded.startswith(name[:-1])) for name in dropped):
            masks[place] = _nothing
    return masks
