"""Where a header stands: what a layout asks of the lines above and below it, of its sheet and of its file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipelines.land.lookups import Lookup, flat
from pipelines.land.readers import Row, Sheet
from pipelines.land.words import fold, garbled
from pipelines.spec import Condition

if TYPE_CHECKING:
    from pipelines.land.headers import HeaderMatch

_LINES_ABOVE = 20
_DAY = re.compile(r"\s*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]0{1,2}:00(:00)?)?|[2-7]\d{4})\s*")


def is_likely(match: HeaderMatch, sheet: Sheet, place: PurePosixPath) -> bool:
    """Whether a file lies in a folder of a layout's source, or is named as that names its files."""
    names = (place.name, sheet.name)
    is_named = any(
        each.identifies and re.search(each.pattern, name) for each in match.layout.file_names for name in names
    )
    return is_named or not {match.spec.source, *match.spec.served}.isdisjoint(place.parts[:-1])


def meets_condition(match: HeaderMatch, sheet: Sheet) -> bool:
    condition = match.layout.when
    while condition is not None:
        if not _holds(condition, match, sheet):
            return False
        condition = condition.also
    return True


def _holds(condition: Condition, match: HeaderMatch, sheet: Sheet) -> bool:
    names = {fold(name) for _, name in flat(condition.column)}
    cells = {place: fold(match.header.cells[place]) for place in range(match.start, match.stop)}
    places = [place for place, cell in cells.items() if cell in names or garbled(cell, names)]
    if condition.present is not None:
        return bool(places) is condition.present
    below = (row.cells for row in sheet.rows if row.number > match.header.number)
    texts = (row[place] for row in below for place in places if place < len(row))
    return any(map(_DAY.fullmatch, texts)) is condition.digits


def is_comment(row: Row, mark: str | None) -> bool:
    """Whether a line speaks about a table, as its layout's ``comments`` begin."""
    first = next(filter(None, map(str.strip, row.cells)), "")
    return mark is not None and (first == mark or first.startswith(f"{mark} "))


def lines_above(sheet: Sheet, header: Row, mark: str | None) -> str:
    """The lines above a header, one a line: the comments directly above it; all, where there is no such mark."""
    above = []
    place = next(index for index, row in enumerate(sheet.rows) if row == header)
    for row in reversed(sheet.rows[max(0, place - _LINES_ABOVE) : place]):
        if mark is not None and not is_comment(row, mark):
            break
        above.append(", ".join(filter(str.strip, row.cells)))
    return "\n".join(reversed(above))


def is_below(match: HeaderMatch, sheet: Sheet) -> bool:
    """Whether a header stands where its layout wants it: below lines that say what it is, and alone."""
    layout = match.layout
    if layout.closed and match.unknown:
        return False
    if not layout.needs_lines_above:
        return True
    above = lines_above(sheet, match.header, layout.comments)
    return any(re.search(line.pattern, above) for line in layout.lines_above)


def is_on_sheet(sheet: Sheet, lookup: Lookup, place: PurePosixPath) -> bool:
    """Whether a table stands on a sheet of one of the layout's names, or in a file of such a name where more than this
    must tell the source; the number of a second download is no part of it."""
    names = lookup.sheets
    if not names:
        return True
    last = (sheet.name or ("" if lookup.layout.content_decides else place.name)).rsplit("/", 1)[-1]
    stem = re.sub(r" ?\(\d+\)$", "", last.rsplit(".", 1)[0])
    return fold(last) in names or fold(stem) in names
