"""Which rows below a header are data, and which are something else: totals, notes, descriptions, damage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.land.readers import Row
from pipelines.land.recognise import Table
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


def _filled(row: Row, start: int, stop: int) -> list[str]:
    return [cell for cell in row.cells[start:stop] if cell.strip()]


def _is_description(row: Row, table: Table) -> bool:
    """Whether a row under the header holds prose where numbers and dates belong."""
    typed = [
        row.cells[places[0]]
        for name, places in table.match.columns.items()
        if table.match.layout.fields.get(name) is not None
        and table.match.layout.fields[name].type in ("count", "amount", "date", "timestamp")
        and places[0] < len(row.cells)
    ]
    prose = [cell for cell in typed if cell.strip()]
    return len(prose) >= 2 and all(len(cell.split()) >= 3 and not any(c.isdigit() for c in cell[:2]) for cell in prose)


def sort_rows(table: Table) -> Sorted:
    """Sort the rows below a table's header. Every row that is not blank ends in exactly one place."""
    match, layout = table.match, table.match.layout
    sorted_rows = Sorted()
    header = [fold(cell) for cell in match.header.cells[match.start : match.stop]]
    width = match.stop
    side_by_side = width < len(match.header.cells)
    for index, row in enumerate(table.rows):
        cells = _filled(row, match.start, match.stop)
        if not layout.fills():
            sorted_rows.ignored.append((row, layout.ignored_because or layout.about))
            continue
        if not cells:
            if not side_by_side and _filled(row, match.stop, len(row.cells)):
                sorted_rows.refused.append((row, "cells only to the right of the table"))
            continue
        if len(cells) == 1 and (kind := words().note_kind(cells[0])):
            sorted_rows.ignored.append((row, CAPPED_NOTE if kind == "capped" else NOTE))
        elif words().is_total(cells[0]) and layout.grain not in ("order", "touch"):
            sorted_rows.ignored.append((row, TOTAL_ROW))
        elif [fold(cell) for cell in row.cells[match.start : match.stop]] == header:
            sorted_rows.ignored.append((row, "the header again"))
        elif index == 0 and _is_description(row, table):
            sorted_rows.ignored.append((row, DESCRIPTION))
        elif not side_by_side and any(cell.strip() for cell in row.cells[width:]):
            sorted_rows.refused.append((row, f"the row has {len(row.cells)} cells, the header {width}"))
        elif row is table.sheet.rows[-1] and table.sheet.cut_short:
            sorted_rows.refused.append((row, "the file ends inside this row"))
        else:
            sorted_rows.data.append(row)
    return sorted_rows
