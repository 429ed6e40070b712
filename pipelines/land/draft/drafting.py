"""From an unknown export to a specification: find its tables, guess each column, decide what one row is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from pipelines.errors import UsageError
from pipelines.land.draft.cells import Guess, guess
from pipelines.land.draft.names import KnownNames, is_personal, known_names, meaning
from pipelines.land.glance import members_of
from pipelines.land.members import recognise_members
from pipelines.land.readers import Readings, Row, Sheet
from pipelines.land.words import words

HEADER_SCAN_ROWS = 40
LEAST_COLUMNS = 2


@dataclass(frozen=True)
class Column:
    """One column of the export: its name, what it holds, and the field it is drafted as (None: not used)."""

    header: str
    guess: Guess
    field: str | None = None
    doubt: str | None = None
    personal: bool = False


@dataclass(frozen=True)
class DraftTable:
    """One table: a layout to be. ``grain`` is ``lifetime post``, ``post-day`` or ``account-day``."""

    sheet: str
    columns: tuple[Column, ...]
    grain: str
    id_pattern: str | None = None
    totals: int = 0
    lines_above: int = 0

    @property
    def fields(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}


@dataclass(frozen=True)
class Draft:
    """A drafted source."""

    source: str
    host: str | None
    tables: tuple[DraftTable, ...]


def draft_source(path: Path, *, source: str) -> Draft:
    """Draft a source from one export, of a large text from its first rows.

    Raises:
        UsageError: the file is known already, or holds no table.
        UnreadableFileError: it cannot be read at all.
    """
    name = path.name
    recognition, _ = recognise_members(_members_of(path))
    if known := next((each.match for each in recognition.tables if each.match.layout.content_decides), None):
        raise UsageError(
            f"is known already: {known.spec.display_name}, {known.layout.about}",
            where=name,
            remedy="`social-roi inspect` says what becomes of it",
        )
    best = _best_reading(path)
    found = [table for sheet, rows in best if (table := _draft_table(sheet, rows))]
    if not found:
        raise UsageError("holds no table with a header of names and rows below it", where=name)
    hosts = [urlsplit(cell).hostname for _, rows in best for row in rows[1:50]
             for cell in row.cells if cell.startswith("http")]  # fmt: skip
    host = max(set(hosts), key=hosts.count) if hosts else None
    return Draft(source, host.removeprefix("www.") if host else None, tuple(found))


def _members_of(path: Path) -> list[tuple[str, Readings]]:
    return members_of(path, PurePosixPath(path.name))


def _best_reading(path: Path) -> list[tuple[Sheet, list[Row]]]:
    """Each sheet from its header on, in the reading whose tables are widest."""
    best: list[tuple[Sheet, list[Row]]] = []
    for _, readings in _members_of(path):
        tried = [[(sheet, rows) for sheet in sheets if (rows := _from_header(sheet))] for sheets in readings]
        best += max(tried, key=lambda sheets: sum(len(rows[0].cells) for _, rows in sheets), default=[])
    return best


def _filled(row: Row) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _from_header(sheet: Sheet) -> list[Row]:
    """The rows from the first that reads like a header: wide, of names that differ, with a filled row below."""
    rows = list(sheet.rows)
    widest = max((len(_filled(row)) for row in rows[:HEADER_SCAN_ROWS]), default=0)
    for index, row in enumerate(rows[:HEADER_SCAN_ROWS]):
        cells = _filled(row)
        is_wide = len(cells) >= LEAST_COLUMNS and len(cells) * 5 >= widest * 4
        named = all(re.search(r"[^\W\d]", cell) and guess("", [cell]).type == "text" for cell in cells)
        if is_wide and named and len(set(cells)) == len(cells) and index + 1 < len(rows):
            return rows[index:]
    return []


def _is_total(row: Row) -> bool:
    cells = _filled(row)
    return bool(cells) and words().is_total(cells[0].strip())


def _draft_table(sheet: Sheet, rows: Sequence[Row]) -> DraftTable | None:
    header, below = rows[0], [row for row in rows[1:] if len(_filled(row)) >= LEAST_COLUMNS]
    data = [row for row in below if not _is_total(row)]
    if not data:
        return None
    columns, taken, known = [], set[str](), known_names()
    for place, name in enumerate(header.cells):
        if name.strip():
            cells = [row.cells[place] if place < len(row.cells) else "" for row in data]
            column = _draft_column(name.strip(), cells, known, taken)
            taken |= {column.field} if column.field else set()
            columns.append(column)
    columns, grain = _with_keys(columns)
    links = next((place for place, name in enumerate(header.cells) if name.strip() in
                  {column.header for column in columns if column.field == "permalink"}), None)  # fmt: skip
    pattern = _id_pattern([row.cells[links] for row in data if links < len(row.cells)]) if links is not None else None
    above = sum(1 for row in sheet.rows if row.number < header.number)
    return DraftTable(sheet.name, tuple(columns), grain, pattern, len(below) - len(data), above)


def _draft_column(name: str, cells: Sequence[str], known: KnownNames, taken: set[str]) -> Column:
    held = guess(name, cells)
    if is_personal(name):
        return Column(name, held, personal=True)
    if held.type in ("rate", "currency", "id", "url"):
        return Column(name, held, "currency" if held.type == "currency" and "currency" not in taken else None)
    means = meaning(name, held.type, known)
    if means is None or means.field in taken:
        return Column(name, held)
    return Column(name, held, means.field, means.doubt)


def _with_keys(columns: list[Column]) -> tuple[list[Column], str]:
    """Give the ids, links and days of a table their names, by what one row seems to be."""

    def first(test: Callable[[Column], bool]) -> Column | None:
        return next(filter(test, columns), None)

    id_column = first(lambda column: column.guess.type == "id" and not column.personal)
    link = first(lambda column: column.guess.type == "url" and column.guess.is_key) or first(
        lambda column: column.guess.type == "url"
    )
    day = first(lambda column: column.guess.type in ("date", "timestamp"))
    named = id_column or link
    grain = "account-day" if named is None else "lifetime post" if named.guess.is_key else "post-day"
    renamed = []
    for column in columns:
        field = column.field
        if field in ("metric_date", "published_at", "published_date"):
            field = None
        if column is id_column:
            field = "action_id"
        elif column is link:
            field = "permalink"
        elif column is day:
            field = "published_at" if grain == "lifetime post" else "metric_date"
        elif column.guess.type in ("date", "timestamp"):
            field = None
        renamed.append(Column(column.header, column.guess, field, column.doubt, column.personal))
    if grain != "account-day" and not any(column.field == "text_excerpt" for column in renamed):
        renamed = _with_text(renamed)
    if grain == "account-day":  # what only posts have is no column of an account's table
        renamed = [Column(c.header, c.guess, None, c.doubt, c.personal) if c.field in _OF_POSTS else c for c in renamed]
    return renamed, grain


def _with_text(columns: list[Column]) -> list[Column]:
    """Take the first column of texts that tell posts apart for the post's own words."""
    for place, column in enumerate(columns):
        if column.field is None and not column.personal and column.guess.type == "text" and column.guess.is_key:
            named = Column(column.header, column.guess, "text_excerpt", "the post's own words or title")
            return [*columns[:place], named, *columns[place + 1 :]]
    return columns


_OF_POSTS = ("text_excerpt", "permalink", "campaign", "format", "action_type", "duration_seconds", "account_name")


def _id_pattern(links: Sequence[str]) -> str | None:
    """What in a link tells posts apart: its last run of digits, else the last part of its path."""
    for pattern in (r"/(\d{4,})(?:[/?#]|$)", r"(\d{4,})(?:\D*)$", r"/([^/?#]+)/?(?:[?#]|$)"):
        found = [match.group(1) for link in links if link.strip() and (match := re.search(pattern, link.strip()))]
        if len(found) == len([link for link in links if link.strip()]) and len(set(found)) == len(set(links)):
            return pattern
    return None


def figures(table: DraftTable) -> Iterator[Column]:
    """The columns that hold figures."""
    return (column for column in table.columns if column.guess.type in ("count", "amount", "duration"))
