"""Spreadsheets of either kind, read by calamine (docs/adr/0007), and their error cells, which calamine leaves blank."""

from __future__ import annotations

import io

from pipelines.errors import UnreadableFileError
from pipelines.land.readers import biff
from pipelines.land.readers.archive import check_workbook
from pipelines.land.readers.grid import Sheet, text_rows
from pipelines.land.readers.mojibake import mend_sheets
from pipelines.land.readers.xlsx_errors import Errors, xlsx_errors

_LOCKED = "the workbook has a password"
_WITHOUT = "Save it without one"


def read_xlsx(data: bytes, *, name: str) -> list[Sheet]:
    """The sheets of an Office Open XML workbook.

    Raises:
        UnreadableFileError: damaged, or it would expand beyond all measure.
    """
    check_workbook(data, name=name)
    return _read(data, xlsx_errors(data), name=name, encoding="xlsx")


def read_xls(data: bytes, *, name: str) -> list[Sheet]:
    """The sheets of a binary workbook of 1997.

    Raises:
        UnreadableFileError: damaged, or it has a password.
    """
    if "EncryptedPackage".encode("utf-16-le") in data or biff.is_locked(data):
        raise UnreadableFileError(_LOCKED, where=name, remedy=_WITHOUT)
    return _read(data, biff.error_cells(data), name=name, encoding="xls (BIFF)")


def _read(data: bytes, errors: Errors, *, name: str, encoding: str) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names]
    except PasswordError as error:
        raise UnreadableFileError(_LOCKED, where=name, remedy=_WITHOUT) from error
    except CalamineError as error:
        if "password" in str(error).lower():
            raise UnreadableFileError(_LOCKED, where=name, remedy=_WITHOUT) from error
        raise UnreadableFileError(f"the workbook cannot be opened: {error}", where=name) from error
    for title, grid in grids:
        for (row, column), text in errors.get(title, {}).items():
            if row < len(grid) and column < len(grid[row]):
                grid[row][column] = text
    numbered = ((title, text_rows(enumerate(grid, start=1))) for title, grid in grids)
    return mend_sheets([Sheet(title, encoding, tuple(rows), serial_dates=True) for title, rows in numbered])
