"""The error cells of an xlsx (``#N/A``, ``#REF!``): which cell shows which."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from contextlib import suppress
from xml.etree import ElementTree

Errors = dict[str, dict[tuple[int, int], str]]
"""By sheet: row and column, from 0, and the error's text."""

_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*>(.*?)</(?:\w+:)?c>", re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def xlsx_errors(data: bytes) -> Errors:
    """Find them; none where the workbook's parts are not where they belong: then calamine will say so."""
    found: Errors = {}
    with (
        suppress(zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError),
        zipfile.ZipFile(io.BytesIO(data)) as book,
    ):
        for title, part in _parts(book).items():
            content = book.read(part)
            if b't="e"' in content or b"t='e'" in content:
                found[title] = dict(map(_cell, _ERROR_CELL.finditer(content)))
    return found


def _parts(book: zipfile.ZipFile) -> dict[str, str]:
    """The parts of a workbook by the title of their sheet."""
    links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat stops entity bombs
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    root = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314
    sheets = {sheet.get("name") or "": targets.get(sheet.get(_ID), "") for sheet in root.iter(f"{_MAIN}sheet")}
    paths = {title: posixpath.normpath(posixpath.join("/xl", target))[1:] for title, target in sheets.items()}
    present = set(book.namelist())
    return {title: path for title, path in paths.items() if path in present}


def _cell(found: re.Match[bytes]) -> tuple[tuple[int, int], str]:
    letters, row, inner = found.groups()
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    value = _VALUE.search(inner)
    return (int(row) - 1, column - 1), value.group(1).decode() if value else "#ERROR!"
