"""What a file is, column by column, for the eyes of its owner; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.lake import Receipt
from pipelines.land.glance import recognise_file
from pipelines.land.headers import NearMiss
from pipelines.land.ingest import inspect_file, place_of
from pipelines.land.personal import Mask, nothing, personal_columns
from pipelines.land.recognise import Table
from pipelines.settings import Home, Settings

Use = Literal["read", "hashed", "not used", "dropped", "new"]
"""What becomes of a column: read as a field, kept as a digest only, kept as text and not used, never kept (personal),
or kept as text because no specification lists it."""


@dataclass(frozen=True)
class ColumnUse:
    """One column of one table, and the field it is read as."""

    table: str
    column: str
    use: Use
    field: str | None = None


@dataclass(frozen=True)
class Near:
    """A known format that a file nearly is, and the column names that it lacks."""

    source: str
    format: str
    about: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """A file's receipt, its columns, and what it nearly is where it is nothing known."""

    receipt: Receipt
    columns: tuple[ColumnUse, ...] = ()
    near: tuple[Near, ...] = ()


def explain_file(path: Path, *, home: Home, settings: Settings) -> Explained:
    """Say what a file is and what would become of it and of each of its columns.

    Raises:
        NotReadyError: there is no such file, or it cannot be read.
    """
    receipt = inspect_file(path, home=home, settings=settings)
    recognition = recognise_file(path, place_of(path, home))
    if recognition is None:
        return Explained(receipt)
    columns = tuple(use for table in recognition.tables for use in _columns_of(table))
    return Explained(receipt, columns, () if recognition.tables else _nearest(recognition.near_misses))


def _columns_of(table: Table) -> list[ColumnUse]:
    """The columns of a table in their order."""
    match = table.match
    fields = {place: name for name, places in match.columns.items() for place in places}
    if unpivot := match.layout.unpivot:
        fields |= dict.fromkeys(match.unpivoted, unpivot.value)
    masks = personal_columns(table)
    found = []
    for place in range(match.start, match.stop):
        header = match.header.cells[place].strip() if place < len(match.header.cells) else ""
        if not header or (not match.columns and match.layout.titles):
            continue
        field, use = fields.get(place), _use(place, match.unknown, masks)
        if field:
            use = "hashed" if match.layout.fields[field].personal == "hash" else "read"
        found.append(ColumnUse(table.name, header, use, field))
    return found


def _use(place: int, unknown: Sequence[int], masks: Mapping[int, Mask]) -> Use:
    if place in unknown and masks[place] is not nothing:
        return "new"
    return "dropped" if place in masks else "not used"


def _nearest(misses: Sequence[NearMiss], *, most: int = 3) -> tuple[Near, ...]:
    """The known formats that a header comes closest to, nearest first, each once."""
    found: dict[str, Near] = {}
    for _, spec, layout, missing in sorted(misses, key=lambda miss: (-miss[0], len(miss[3]))):
        names = tuple(next(iter(layout.fields[name].names.values()), (name,))[0] for name in missing)
        found.setdefault(layout.layout, Near(spec.source, layout.format, f"{spec.display_name}, {layout.about}", names))
    return tuple(found.values())[:most]
