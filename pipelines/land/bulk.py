"""Large delimited texts: the engine reads the body, Python only the head and the rows that may be no data.

Whatever cannot be shown to read exactly as :mod:`pipelines.land.readers` would read it is left to that (ADR 9).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pydantic import BaseModel

from pipelines.land.cells import read_body
from pipelines.land.headers import is_told_by_days
from pipelines.land.readers import Sheet
from pipelines.land.recognise import HEADER_SCAN_ROWS, NOWHERE, Recognition, Table, recognise
from pipelines.land.source import UNREADABLE, Source, Watch, find_source
from pipelines.land.survey import Survey
from pipelines.land.suspects import sort_suspects
from pipelines.land.work import Work
from pipelines.warehouse import open_bench_file

if TYPE_CHECKING:
    import duckdb

MEMORY = "600MB"

_LAYOUT_KEYS = frozenset({
    "table", "targets", "basis", "content_decides", "when", "sheets", "file_names", "fields", "columns_ignored",
    "columns_personal", "carry_down", "closed", "collect_rest", "pairs", "repeated_on",
})  # fmt: skip
_FIELD_KEYS = frozenset({
    "type", "names", "required", "needed", "const", "extract", "formats", "told_by", "zone", "pattern", "printed_day",
    "product", "total_of", "among", "fallback", "personal", "metric", "default", "repeated", "lower", "values",
    "excerpt", "at_least", "more_than", "not_before", "needed_when", "ahead", "meaning", "exclusive_midnight",
    "not_zero_beside", "mangled",
})  # fmt: skip
"""What a layout may say of its rows for the engine to read them: whatever is new is read row by row until it is shown
to be the same here (tests/land/test_bulk.py)."""


@dataclass(frozen=True)
class Bulk:
    """A large table in the engine, ready to be settled and converted like any other."""

    connection: duckdb.DuckDBPyConnection
    recognition: Recognition
    sheets: list[Sheet]
    works: list[Work]
    members: tuple[str, ...] = ()


def is_large(path: Path) -> bool:
    """Whether a file is worth the engine's own reader (``SOCIAL_ROI_BULK_BYTES``, 8 MB); text packs eight times."""
    least = int(os.environ.get("SOCIAL_ROI_BULK_BYTES", 8 * 1024 * 1024))
    size = path.stat().st_size
    if size >= least or size * 8 < least:
        return size >= least
    source = find_source(path)
    return source is not None and source.is_packed


def read_bulk(path: Path, place: PurePosixPath = NOWHERE, *, watch: Watch | None = None) -> Bulk | None:
    """Read a large text of one table that lies at ``place`` below ``landing/``; None where it must be read row by
    row."""
    source = find_source(path)
    head = source.head() if source else None
    if source is None or head is None:
        return None
    sheet, is_all = head
    looked = _Looked(source, sheet, is_all, place, watch)
    bulk = looked.read()
    if bulk is None and not looked.is_utf8 and all(map(str.isascii, (cell for r in sheet.rows for cell in r.cells))):
        return _Looked(source, replace(sheet, encoding="cp1252"), is_all, place, watch).read()
    return bulk


@dataclass
class _Looked:
    """A text of which the first rows are known."""

    source: Source
    sheet: Sheet
    is_all: bool
    place: PurePosixPath
    watch: Watch | None
    is_utf8: bool = True

    def read(self) -> Bulk | None:
        """Read the rest; None where it must be read row by row."""
        import duckdb

        recognition = self._recognised()
        if recognition is None:
            return None
        folder = tempfile.mkdtemp(prefix="social-roi-")
        connection = open_bench_file(Path(folder), memory=MEMORY)
        weakref.finalize(connection, partial(shutil.rmtree, folder, ignore_errors=True))
        try:
            work = self._load(connection, recognition.tables[0], Path(folder))
        except duckdb.Error:  # the engine does not take it: row by row it is told why
            return None
        if work is None:
            return None
        recognition.tables[:] = [work.table]
        return Bulk(connection, recognition, [work.table.sheet], [work], tuple(self.source.digests))

    def _recognised(self) -> Recognition | None:
        """What the first rows say; None where that is not one plain table."""
        rows = self.sheet.rows if self.is_all else self.sheet.rows[:-1]
        if len(rows) < (2 if self.is_all else HEADER_SCAN_ROWS) or (self.is_all and self.sheet.cut_short):
            return None
        sheet = self.source.as_found(replace(self.sheet, rows=rows, cut_short=False))
        recognition = recognise([sheet], self.place)
        is_one = bool(sheet.delimiter) and len(recognition.tables) == 1
        return recognition if is_one and _is_plain(recognition.tables[0], recognition) else None

    def _load(self, connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> Work | None:
        """Put the body of a file into the engine as text, and sort out the rows that are no data."""
        name, header = "text0", table.match.header
        text = Survey(self.source.chunks(self.sheet.encoding, self.watch), UNREADABLE)
        body = read_body(text, table, folder)
        self.is_utf8 = text.is_utf8
        if body is None:
            return None
        body.create_view(connection, table)
        found = sort_suspects(connection, table, body, folder)
        if found is None:
            return None
        gone = ", ".join(str(row.number) for row, _ in (*found.ignored, *found.refused))
        kept = f" where r not in ({gone})" if gone else ""
        connection.execute(f"create view {name} as select * exclude i from {name}_rows{kept}")
        sheet = replace(table.sheet, rows=tuple(row for row in table.sheet.rows if row.number <= header.number))
        digits, grouped, whole = map(frozenset, (body.digits, body.grouped, body.digits - body.broken_up))
        table = replace(table, sheet=sheet, rows=())
        return Work(table, found, name, body=body, digits=digits, grouped=grouped, whole=whole)


def _says_only(spec: BaseModel, keys: frozenset[str]) -> bool:
    """Whether a specification leaves all keys but these at their defaults."""
    return all(getattr(spec, key) == field.default for key, field in type(spec).model_fields.items()
               if key not in keys and not field.is_required() and getattr(spec, key))  # fmt: skip


def _is_plain(table: Table, recognition: Recognition) -> bool:
    """Whether a table is one of those whose rows can be told apart without reading them in turn."""
    match, layout = table.match, table.match.layout
    width = len(match.header.cells)
    above = [row for sheet, row in recognition.strays]
    return (
        bool(layout.fills())
        and table.title is None
        and table.title_text is None
        and (match.start, match.stop) == (0, width)
        and width >= 2
        and sum(map(len, match.columns.values())) + len(match.ignored) + len(match.unknown) == width
        and all(row.number == row.end for row in (*above, match.header))
        and _says_only(layout, _LAYOUT_KEYS)
        and all(_says_only(field, _FIELD_KEYS) and field.type != "yearless_date" for field in layout.fields.values())
        and not (table.aside or table.above)
        and not is_told_by_days(match)
    )
