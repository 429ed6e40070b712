"""How bytes are laid down: CSV dialects, archives and workbooks that are equal when written again."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

Cell = str | int | float
Row = Sequence[Cell]

Quoting = Literal["minimal", "all", "header_words"]


def csv_text(
    header: Sequence[str], rows: Iterable[Row], *, quoting: Quoting = "minimal", final_newline: bool = True
) -> str:
    """A table as CSV with line feeds.

    ``header_words`` is Meta's way: a name of more than one word is quoted, cells only where they must be.
    """
    buffer = io.StringIO(newline="")
    style: Literal[0, 1] = csv.QUOTE_ALL if quoting == "all" else csv.QUOTE_MINIMAL
    writer = csv.writer(buffer, lineterminator="\n", quoting=style)
    if quoting == "header_words":
        buffer.write(",".join(f'"{name}"' if " " in name else name for name in header) + "\n")
    else:
        writer.writerow(header)
    writer.writerows(rows)
    text = buffer.getvalue()
    return text if final_newline else text.removesuffix("\n")


def put(path: Path, content: str | bytes, *, encoding: str = "utf-8") -> Path:
    """Write a file and the folders above it, with no translation of line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def zip_bytes(members: Mapping[str, str], stamped: datetime, *, encoding: str = "utf-8") -> bytes:
    """A ZIP archive whose members all carry the stamp given, and nothing of this machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, stamped.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode(encoding))
    return buffer.getvalue()


def workbook_bytes(sheets: Mapping[str, Iterable[Row]], created: datetime) -> bytes:
    """An XLSX workbook of plain cells: text as text, numbers as numbers, empty text as no cell."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    workbook.set_properties({"created": created.replace(tzinfo=None)})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)
    workbook.close()
    return buffer.getvalue()
