"""What a sheet is, read off its header rows: the layouts of all specifications held against every header.

A header is found by what it says, not by where it stands, so preambles, stacked tables, tables side by side and
re-saved copies need no rules of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath

from pipelines.land.headers import HeaderMatch, NearMiss, best_matches, match_header
from pipelines.land.lookups import paired_lookups, titled_lookups
from pipelines.land.readers import Row, Sheet
from pipelines.land.surroundings import is_comment, lines_above
from pipelines.land.words import fold
from pipelines.spec import Title

HEADER_SCAN_ROWS = 60
NOWHERE = PurePosixPath()
PAIRS_SCAN_ROWS = 200
AGAIN = "the same table again, for a comparison: another period, or a part of the audience"
REPEATED = "the rows of another sheet once more, laid out to be looked at"


@dataclass(frozen=True)
class Table:
    """One recognised table: where it stands, the rows below its header, the lines ``above`` that speak about it, and
    why it is set ``aside`` as a whole."""

    sheet: Sheet
    match: HeaderMatch
    rows: tuple[Row, ...]
    title: Title | None = None
    title_text: str | None = None
    is_stacked: bool = False
    above: str = ""
    aside: str | None = None

    @property
    def name(self) -> str:
        side = f"#{self.match.start + 1}" if self.match.start else ""
        stack = f"@{self.match.header.number}" if self.title_text or self.is_stacked else ""
        return f"{self.sheet.name or self.match.layout.layout}{side}{stack}{self.match.owner_name}"


Start = tuple[int, int, list[Table]]
"""Where a table's header stands in its sheet, where its rows begin, and the tables side by side there."""


@dataclass
class Recognition:
    """All that a file, or a part of it, says."""

    tables: list[Table] = field(default_factory=list)
    strays: list[tuple[Sheet, Row]] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, other: Recognition) -> None:
        """Take in what another part of the same file says."""
        self.tables += other.tables
        self.strays += other.strays
        self.near_misses += other.near_misses


def _single(row: Row) -> str | None:
    """The only filled cell of a row; None where there are more."""
    filled = list(islice(filter(str.strip, row.cells), 2))
    return filled[0] if len(filled) == 1 else None


def _titled(sheet: Sheet, index: int, *, follows: bool) -> Table | None:
    """A two-column table under a title line, or a titled block that is set aside, that starts at ``index``.

    Its rows are added when its end is known. A table that ``follows`` another of these may have an unknown title and
    an unknown header: its owner is asked, rather than its rows taken for the other's.
    """
    row = sheet.rows[index]
    label = _single(row)
    following = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else None
    if label is None or following is None:
        return None
    for lookup in sorted(titled_lookups(), key=lambda known: fold(label) not in known.titles):
        title = lookup.titles.get(fold(label))
        if not lookup.layout.fields:
            if title:
                match = HeaderMatch(lookup.spec, lookup.layout, row, 0, len(row.cells), {}, (), (), Counter())
                return Table(sheet, match, (), title, label)
            continue
        start = next((place for place, cell in enumerate(following.cells) if cell.strip()), 0)
        stop = start + 2
        if len(following.cells) < stop or fold(following.cells[start]) not in lookup.names or _filled(following) != 2:
            continue
        match, missing = match_header(lookup, following, start, stop)
        if "metric_date" in match.columns and (title or follows or not missing):
            [day] = match.columns["metric_date"]
            columns: dict[str, tuple[int, ...]] = {"metric_date": (day,), "value": (start + stop - 1 - day,)}
            match = HeaderMatch(lookup.spec, lookup.layout, following, start, stop, columns, (), (), match.locales)
            return Table(sheet, match, (), title, label)
    return None


def _filled(row: Row) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def recognise(sheets: Sequence[Sheet], place: PurePosixPath = NOWHERE) -> Recognition:
    """Find every known table in the sheets of one reading of a file that lies at ``place`` below ``landing/``."""
    recognition = Recognition()
    for sheet in sheets:
        _recognise_sheet(sheet, recognition, place)
    recognition.tables = _without_repeats(recognition.tables)
    return recognition


def _without_repeats(tables: list[Table]) -> list[Table]:
    """The tables of a workbook, where those of a sheet that repeats another's are set aside; one that stands alone is
    no repeat."""
    repeats = [_is_repeat(table) for table in tables]
    formats = {table.match.layout.format for table, is_repeat in zip(tables, repeats, strict=True) if not is_repeat}
    return [
        replace(table, aside=REPEATED) if is_repeat and table.match.layout.format in formats else table
        for table, is_repeat in zip(tables, repeats, strict=True)
    ]


def _is_repeat(table: Table) -> bool:
    name = fold(table.sheet.name.rsplit("/", 1)[-1])
    return name in map(fold, table.match.layout.repeated_on)


def is_after_gap(before: Row, row: Row) -> bool:
    """Whether a blank line or a title stands between two rows; ``before`` may itself be that title."""
    return row.number - before.end > 1 or _single(before) is not None


def _without_title(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of a table that another follows, without the one-cell title of that other."""
    is_title = len(rows) > 1 and _single(rows[-1]) is not None and rows[-1].number - rows[-2].end > 1
    return rows[:-1] if is_title else rows


def _without_comments(rows: tuple[Row, ...], mark: str | None) -> tuple[Row, ...]:
    """The rows of a table without the comments that end it and speak about the next; one that follows a row of data
    is data (a page may be called so)."""
    if mark is None:
        return rows
    comments = {index for index, row in enumerate(rows) if is_comment(row, mark) and not _holds_figures(row)}
    ends = (i for i in sorted(comments) if _single(rows[i]) is not None or (i and is_after_gap(rows[i - 1], rows[i])))
    stop = next(ends, len(rows))
    return tuple(row for index, row in enumerate(rows) if index < stop or index not in comments)


def _holds_figures(row: Row) -> bool:
    """Whether a row has figures beside its first cell, as no comment does."""
    _, *others = filter(str.strip, row.cells)
    return len(others) > 1 and all(any(map(str.isdigit, cell)) for cell in others)


def _rest(sheet: Sheet, index: int, known: HeaderMatch) -> Table | None:
    """The table of an unknown header, right below comments that speak about it, in a stack with a ``known`` table."""
    row, mark = sheet.rows[index], known.layout.comments
    if not index or not is_comment(sheet.rows[index - 1], mark) or is_comment(row, mark):
        return None
    for layout in known.spec.layouts:
        if layout.takes_rest:
            places = range(len(row.cells))
            match = HeaderMatch(known.spec, layout, row, 0, len(places), {}, tuple(places), (), Counter())
            return Table(sheet, match, ())
    return None


def _paired(sheet: Sheet) -> Table | None:
    """A sheet of labels and values, wherever in it they stand, as a table of one row."""
    found = [(row, list(islice(filter(str.strip, row.cells), 2))) for row in sheet.rows[:PAIRS_SCAN_ROWS]]
    pairs = [(row.number, *texts) for row, texts in found if len(texts) == 2]
    if not pairs:
        return None
    numbers, labels, values = zip(*pairs, strict=True)
    header, row = (Row(numbers[0], texts, numbers[0]) for texts in (labels, values))
    for lookup in paired_lookups():
        match, missing = match_header(lookup, header, 0, len(labels))
        if not missing:
            return Table(sheet, match, (row,))
    return None


def _recognise_sheet(sheet: Sheet, recognition: Recognition, place: PurePosixPath) -> None:
    starts: list[Start] = []
    index = 0
    while index < len(sheet.rows):
        after = index + 1
        if index < HEADER_SCAN_ROWS or is_after_gap(sheet.rows[index - 1], sheet.rows[index]):
            titled = _titled(sheet, index, follows=bool(starts and starts[-1][2][0].title_text))
            if titled:
                after += 1 if titled.match.columns else 0
                starts.append((index, after, [titled]))
            elif matches := best_matches(sheet, sheet.rows[index], recognition.near_misses, place):
                starts.append((index, after, [Table(sheet, match, ()) for match in matches]))
            elif starts and (rest := _rest(sheet, index, starts[-1][2][0].match)):
                starts.append((index, after, [rest]))
        index = after
    if not starts and (paired := _paired(sheet)):
        recognition.tables.append(paired)
        return
    for index in reversed(range(starts[0][0] if starts else 0)):
        if first := _rest(sheet, index, starts[-1][2][0].match):
            starts.insert(0, (index, index + 1, [first]))
    bounds = [start for start, _, _ in starts] + [len(sheet.rows)]
    mark = starts[0][2][0].match.layout.comments if starts else None
    recognition.strays.extend((sheet, row) for row in sheet.rows[: bounds[0]] if not is_comment(row, mark))
    seen: set[tuple[str, ...]] = set()
    for number, ((_, after, tables), end) in enumerate(zip(starts, bounds[1:], strict=True)):
        rows = _without_title(sheet.rows[after:end]) if end < len(sheet.rows) else sheet.rows[after:end]
        for table in tables:
            header, layout = table.match.header, table.match.layout
            same = (layout.layout, *map(fold, header.cells))
            recognition.tables.append(
                replace(
                    table,
                    rows=_without_comments(rows, layout.comments),
                    is_stacked=number > 0,
                    above=lines_above(sheet, header, layout.comments) if layout.lines_above else "",
                    aside=AGAIN if layout.comments and same in seen else None,
                )
            )
            seen.add(same)
