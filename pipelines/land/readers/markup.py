"""Tables in markup that call themselves .xls: SpreadsheetML of 2003, and HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.grid import Sheet, text_rows

_SHEETS = "urn:schemas-microsoft-com:office:spreadsheet"
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NO_CHARACTER = re.compile(r"&#(?:x(?:0?[0-8BbCcEeFf]|1[0-9A-Fa-f]|[Ff]{3}[EeFf])|(?:[0-8]|1[124-9]|2\d|3[01]));")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MIDNIGHT = re.compile(r"T00:00:00(\.0+)?$")
MAX_WIDTH = 16_384
"""Columns of a spreadsheet."""
_RESAVE = "Open it in a spreadsheet program and save it as .xlsx or .csv"


def is_spreadsheetml(text: str) -> bool:
    """An XML workbook of 2003."""
    return text.lstrip("\ufeff \r\n\t").startswith("<") and _SHEETS in text[:5000]


def is_html(text: str) -> bool:
    """A web page or a table of one."""
    head = text[:2000].lstrip("\ufeff \r\n\t").casefold()
    return head.startswith(("<!doctype html", "<html", "<table", "<head", "<meta", "<style", "<body", "<div"))


def read_spreadsheetml(text: str, *, name: str) -> list[Sheet]:
    """The worksheets. Cells may say at which column they stand; a merged one holds its text once.

    Raises:
        UnreadableFileError: not well formed, with entities of its own, or wider than a spreadsheet.
    """
    if "<!DOCTYPE" in text[:5000] or "<!ENTITY" in text:
        raise UnreadableFileError("the XML declares entities of its own: no export does", where=name, remedy=_RESAVE)
    clean = _CONTROL.sub("", _NO_CHARACTER.sub("", _BARE_AMPERSAND.sub("&amp;", text))).lstrip("\ufeff \r\n\t")
    clean = re.sub(r"^<\?xml[^>]*\?>", "", clean)
    try:
        root = ElementTree.fromstring(clean)  # noqa: S314 - no entities, see above
    except ElementTree.ParseError as error:
        raise UnreadableFileError(
            f"the XML workbook is damaged: {error}", where=name, remedy="Export it again"
        ) from error
    sheets = []
    for sheet in root.iter(f"{{{_SHEETS}}}Worksheet"):
        rows = text_rows(_grid(sheet, name))
        title = sheet.get(f"{{{_SHEETS}}}Name") or ""
        sheets.append(Sheet(title, "xls (SpreadsheetML)", tuple(rows), serial_dates=True))
    return sheets


def _place(element: Any, *, name: str) -> int | None:
    text = element.get(f"{{{_SHEETS}}}Index")
    if text is None:
        return None
    if not text.isdigit() or not 0 < int(text) <= 2**21:
        raise UnreadableFileError(f"a cell stands at {text!r}, where no spreadsheet has one", where=name)
    return int(text)


def _grid(sheet: Any, name: str) -> Any:
    number = 0
    for row in sheet.iter(f"{{{_SHEETS}}}Row"):
        number = _place(row, name=name) or number + 1
        cells: list[str] = []
        for cell in row.findall(f"{{{_SHEETS}}}Cell"):
            place = _place(cell, name=name)
            across = cell.get(f"{{{_SHEETS}}}MergeAcross", "0")
            width = max(len(cells), (place or 1) - 1)
            if width > MAX_WIDTH or not across.isdigit() or int(across) > MAX_WIDTH:
                raise UnreadableFileError(f"row {number} is wider than a spreadsheet", where=name)
            cells += [""] * (width - len(cells))
            cells += [_cell(cell), *[""] * int(across)]
        yield number, cells


def _cell(cell: Any) -> str:
    data = next((inner for inner in cell if inner.tag.endswith("}Data")), None)
    if data is None:
        return ""
    text = "".join(data.itertext())
    kind = data.get(f"{{{_SHEETS}}}Type")
    if kind == "DateTime":
        return _MIDNIGHT.sub("", text.strip()).replace("T", " ")
    if kind == "Boolean":
        return {"1": "true", "0": "false"}.get(text.strip(), text)
    return text


class _Tables(HTMLParser):
    """Collects the cells of plain tables; ``odd`` says what a grid cannot hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.odd: str | None = None
        self._open = 0
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open += 1
            if self._open > 1:
                self.odd = "a table inside a table"
            self.tables.append([])
        elif tag == "tr" and self._open:
            self.tables[-1].append([])
            self._cell = None
        elif tag in ("td", "th") and self._open:
            if any(name in ("colspan", "rowspan") and (value or "1").strip() != "1" for name, value in attrs):
                self.odd = self.odd or "cells that span others"
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.tables[-1][-1].append("")
            self._cell = self.tables[-1][-1]
        elif tag == "br" and self._cell:
            self._cell[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._cell = None
        elif tag == "table":
            self._open = max(0, self._open - 1)
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._cell[-1] += data


def read_html(text: str, *, encoding: str, name: str) -> list[Sheet]:
    """The tables of a page, one sheet each.

    Raises:
        UnreadableFileError: no table, or one that is no plain grid.
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    if not any(parser.tables):
        raise UnreadableFileError("a web page that holds no table", where=name, remedy="Export it as CSV, XLSX or JSON")
    if parser.odd or "</table" not in text.casefold():
        what = parser.odd or "a table that does not end: the page is cut off"
        raise UnreadableFileError(f"a web page saved under another name, with {what}", where=name, remedy=_RESAVE)
    grids = (
        ((n, [" ".join(cell.split()) for cell in row]) for n, row in enumerate(table, 1)) for table in parser.tables
    )
    named = enumerate((tuple(text_rows(grid)) for grid in grids), start=1)
    several = len(parser.tables) > 1
    return [Sheet(f"table {n}" if several else "", f"html ({encoding})", rows, serial_dates=True) for n, rows in named]
