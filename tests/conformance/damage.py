"""One typed cell of a fixture made unreadable, wherever in its file it stands."""

from __future__ import annotations

import copy
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.lake import Part, readings_folder
from pipelines.land.words import fold
from pipelines.spec import LayoutSpec
from tests.conformance.cases import kind_of
from tests.conformance.landed import Landed, layouts_of

BROKEN = "n0t!"
NUMBERS = ("count", "amount", "duration")
DAYS = ("date", "timestamp")
JSON = (".json", ".js", ".jsonl")


@dataclass(frozen=True)
class Damage:
    """A file with one cell broken. ``regroups``: rows of one key share a figure, so others may change with it."""

    layout: str
    row: int
    column: str
    value: str
    regroups: bool
    content: bytes = field(repr=False)


def damages(one: Landed, *, most: int) -> Iterator[Damage]:
    """Files with one damaged cell each, numbers before days, last rows before first."""
    found = 0
    layouts = {layout.layout: layout for layout in layouts_of(one.receipt)}
    folder = readings_folder(one.round.home) / one.receipt.reading_id
    for index, part in enumerate(each for each in one.receipt.parts if each.layout in layouts):
        layout = layouts[part.layout]
        for row, column, place, value in _candidates(folder / f"original-{index}.parquet", layout):
            built = _break(
                one.case.file, copy.deepcopy(one.case.built()), part, row=row, place=place, value=value, column=column
            )
            if built is not None:
                regroups = bool(layout.summed_by) or any(target.first_of for target in layout.fills().values())
                yield Damage(layout.layout, row, column, value, regroups, one.case.content(built))
                found += 1
            if found == most:
                return


def _candidates(path: Path, layout: LayoutSpec) -> list[tuple[int, str, int, str]]:
    """The typed cells of loaded rows: row number, column, its place among the columns, and its text."""
    table = pq.read_table(path)
    columns = [name for name in table.column_names if name not in ("_row_number", "_outcome", "_reason")]
    owner = {
        fold(name): field for field, spec in layout.fields.items() for names in spec.names.values() for name in names
    }
    rows = [row for row in table.to_pylist() if row["_outcome"] == "loaded"]
    found = []
    for types in (NUMBERS, DAYS):
        for place, column in enumerate(columns):
            name = owner.get(fold(column))
            twice = [owner.get(fold(other)) for other in columns].count(name) > 1
            spec = layout.fields.get(name or "")
            if spec is None or twice or spec.type not in types or (types == DAYS and not spec.needed):
                continue
            found += [(row["_row_number"], column, place, row[column]) for row in reversed(rows) if row[column]]
    return found


def _break(file: str, built: Any, part: Part, *, row: int, place: int, value: str, column: str) -> Any:
    """The fixture with that cell broken; None where it cannot be told which cell that is."""
    kind = kind_of(file)
    if kind == "text" and file.endswith(JSON):
        return _break_json(built, column=column, value=value)
    if kind == "text":
        return _break_text(built, row=row, place=place, value=value)
    if kind in ("xlsx", "xls"):
        return _break_sheet(built, part, row=row, value=value)
    if kind == "parquet":
        return None
    for name, member in built.items():
        if not (part.name.startswith(name) or name.startswith(f"{part.name}/") or len(built) == 1):
            continue
        if isinstance(member, dict):
            broken = _break(member["file"], member["built"], part, row=row, place=place, value=value, column=column)
            if broken is not None:
                return {**built, name: {**member, "built": broken}}
        elif (broken := _break(name, member, part, row=row, place=place, value=value, column=column)) is not None:
            return {**built, name: broken}
    return None


def _break_sheet(sheets: dict[str, list[list[Any]]], part: Part, *, row: int, value: str) -> Any:
    for name, rows in sheets.items():
        if not (name in part.name or len(sheets) == 1) or row > len(rows):
            continue
        places = [place for place, cell in enumerate(rows[row - 1]) if _same(cell, value)]
        if len(places) == 1:
            rows[row - 1][places[0]] = BROKEN
            return sheets
    return None


def _same(cell: Any, value: str) -> bool:
    return str(cell).strip() == value or (isinstance(cell, int | float) and f"{float(cell)}" == value)


def _break_json(text: str, *, column: str, value: str) -> str | None:
    """Where the value stands once under the last name of its path."""
    key = re.escape(column.rpartition(".")[2])
    pattern = rf'("{key}"\s*:\s*)"?{re.escape(value)}"?(?=\s*[,}}\]])'
    return re.sub(pattern, rf'\g<1>"{BROKEN}"', text) if len(re.findall(pattern, text)) == 1 else None


def _break_text(text: str, *, row: int, place: int, value: str) -> str | None:
    """By line and column where the line reads so, else where the value stands alone in its line or in the file."""
    lines = text.splitlines(keepends=True)
    if row <= len(lines):
        body = lines[row - 1].rstrip("\r\n")
        end = lines[row - 1][len(body) :]
        for delimiter in ",;\t|":
            cells = next(csv.reader([body], delimiter=delimiter), [])
            if place < len(cells) and cells[place].strip() == value and len(cells) > 1:
                cells[place] = BROKEN
                sink = io.StringIO()
                quoting = csv.QUOTE_ALL if body.startswith('"') else csv.QUOTE_MINIMAL
                csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=quoting).writerow(cells)
                return "".join([*lines[: row - 1], sink.getvalue(), *lines[row:]])
        alone = _replace_only(body, value)
        if alone is not None:
            return "".join([*lines[: row - 1], alone + end, *lines[row:]])
    return _replace_only(text, value)


def _replace_only(text: str, value: str) -> str | None:
    pattern = rf"(?<![\w.,-]){re.escape(value)}(?![\w.-])"
    return re.sub(pattern, BROKEN, text) if len(re.findall(pattern, text)) == 1 else None
