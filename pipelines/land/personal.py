"""Which cells of a table are about people, and what is kept of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipelines.land.identifiers import person, pseudonym
from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.words import fold, garbled, words
from pipelines.spec import LayoutSpec

_ADDRESS = re.compile(r"https?://|[^\s,;@]+@[^\s,;@]+")
_NOBODYS_PAGE = re.compile(r"https?://[^/?#]+(/(in|pub|u|users?|profile))?/*", re.IGNORECASE)
"""Where profiles stand, without the name of one."""
_MANGLED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""What a spreadsheet makes of a telephone number: that of many people alike."""
Mask = Callable[[str], str]


def personal_places(table: Table) -> set[int]:
    """The positions of the columns that hold personal identifiers."""
    return {place for place, mask in personal_columns(table).items() if mask is not person}


def dropped_columns(table: Table) -> list[str]:
    """The names of columns that the specification does not know and of which nothing is kept."""
    masks = personal_columns(table)
    return [table.match.header.cells[place] for place in table.match.unknown if masks[place] is nothing]


def shifted_rows(table: Table, rows: Sequence[Row]) -> list[int]:
    """The rows that end before the header does, in a table with personal columns: a cell may have slipped."""
    if not personal_places(table):
        return []
    width = len(table.match.header.cells)
    return [row.number for row in rows if len(row.cells) < width]


def nothing(_: str) -> str:
    """What is kept of a text that is not needed."""
    return ""


def _fits(folded: str, name: str) -> bool:
    """Whether a header is a listed name; a ``*`` stands for any end, or any start."""
    if name.startswith("*"):
        return folded.endswith(name[1:])
    return folded.startswith(name[:-1]) if name.endswith("*") else folded == name


def one_person(value: str) -> str:
    """A digest of a person; a cell with several addresses, with one that lacks its name, or with what a spreadsheet has
    left of a number, is nobody in particular."""
    bare = value.strip()
    is_nobody = len(_ADDRESS.findall(bare)) > 1 or _NOBODYS_PAGE.fullmatch(bare) or _MANGLED.fullmatch(bare)
    return "" if is_nobody else pseudonym(value)


def only_extracts(layout: LayoutSpec, name: str) -> Mask:
    """Keeps of a text what other fields take out of it, and of that nothing with an address in it."""
    extracts = [spec.extract for spec in layout.fields.values() if spec.extract and spec.extract.column == name]
    patterns = [re.compile(extract.pattern) for extract in extracts]

    def kept(value: str) -> str:
        found = (match.group().strip() for pattern in patterns if (match := pattern.search(value)))
        return "\n".join(text for text in found if "@" not in text)

    kept.__name__ = f"only_extracts_{layout.layout}_{name}"
    return kept


def personal_columns(table: Table) -> dict[int, Mask]:
    """How to replace the personal columns of a table, by position: a digest, or nothing at all."""
    masks: dict[int, Mask] = {}
    for name, places in table.match.columns.items():
        spec = table.match.layout.fields.get(name)
        if spec and spec.personal == "extracts":
            masks.update(dict.fromkeys(places, only_extracts(table.match.layout, name)))
        elif spec and (spec.personal or spec.type == "person"):
            masks.update(dict.fromkeys(places, one_person if spec.personal else person))
    dropped = {fold(name) for names in table.match.layout.columns_personal.values() for name in names}
    for place in table.match.unknown:
        folded = fold(table.match.header.cells[place])
        is_personal = words().personal.search(folded) or garbled(folded, dropped)
        masks[place] = nothing if is_personal or table.match.layout.of_people else person
    for place in table.match.ignored:
        folded = fold(table.match.header.cells[place])
        if any(_fits(folded, name) for name in dropped):
            masks[place] = nothing
    return masks
