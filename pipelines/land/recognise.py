"""What a sheet is, read off its header rows: the layouts of all specifications held against every header.

A header is found by what it says, not by where it stands, so preambles, stacked tables, tables side by side and
re-saved copies need no rules of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pipelines.land.readers import Row, Sheet
from pipelines.land.words import fold
from pipelines.spec import LayoutSpec, Names, SourceSpec, Title, load_specs

HEADER_SCAN_ROWS = 60
_CURRENCY = r"(?P<currency>[A-Za-z]{3})"


@dataclass(frozen=True)
class HeaderMatch:
    """A layout found in a header row.

    ``columns`` maps a field to the positions that carry its name (more than one where a name occurs twice).
    """

    spec: SourceSpec
    layout: LayoutSpec
    header: Row
    start: int
    stop: int
    columns: dict[str, tuple[int, ...]]
    ignored: tuple[int, ...]
    unknown: tuple[int, ...]
    locales: Counter[str]
    currency: str | None = None

    @property
    def weight(self) -> tuple[int, int]:
        required = sum(1 for spec in self.layout.fields.values() if spec.required)
        return len(self.columns) + len(self.ignored), required


@dataclass(frozen=True)
class Table:
    """One recognised table: where it stands and the rows below its header."""

    sheet: Sheet
    match: HeaderMatch
    rows: tuple[Row, ...]
    title: Title | None = None
    title_text: str | None = None

    @property
    def name(self) -> str:
        side = f"#{self.match.start + 1}" if self.match.start else ""
        stack = f"@{self.match.header.number}" if self.title_text else ""
        return f"{self.sheet.name or self.match.layout.layout}{side}{stack}"


@dataclass
class Recognition:
    """All that a file, or a part of it, says."""

    tables: list[Table] = field(default_factory=list)
    strays: list[tuple[Sheet, Row]] = field(default_factory=list)
    near_misses: list[tuple[float, SourceSpec, LayoutSpec, tuple[str, ...]]] = field(default_factory=list)

    warnings: list[str] = field(default_factory=list)

    def add(self, other: Recognition) -> None:
        """Take in what another part of the same file says."""
        self.tables += other.tables
        self.strays += other.strays
        self.near_misses += other.near_misses


@dataclass(frozen=True)
class _Lookup:
    """Folded header names of one layout."""

    spec: SourceSpec
    layout: LayoutSpec
    names: dict[str, tuple[str, frozenset[str]]]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    ignored: frozenset[str]
    ignored_prefixes: tuple[str, ...]
    sheets: frozenset[str]
    required: frozenset[str]
    titles: dict[str, Title]


def _flat(names: Names) -> Iterator[tuple[str, str]]:
    for locale, spellings in names.items():
        for spelling in spellings:
            yield locale, spelling


def _lookup(spec: SourceSpec, layout: LayoutSpec) -> _Lookup:
    names: dict[str, tuple[str, frozenset[str]]] = {}
    patterns = []
    for name, field_spec in layout.fields.items():
        for locale, spelling in _flat(field_spec.names):
            folded = fold(spelling)
            if "{currency}" in folded:
                parts = (re.escape(part) for part in folded.split("{currency}"))
                patterns.append((re.compile(_CURRENCY.join(parts)), name))
            else:
                known = names.get(folded, (name, frozenset()))
                names[folded] = (known[0], known[1] | {locale})
    ignored = {fold(spelling) for _, spelling in _flat(layout.columns_ignored)}
    ignored |= {fold(spelling) for _, spelling in _flat(layout.columns_personal)}
    return _Lookup(
        spec,
        layout,
        names,
        tuple(patterns),
        frozenset(name for name in ignored if not name.endswith("*")),
        tuple(name.removesuffix("*").strip() for name in ignored if name.endswith("*")),
        frozenset(fold(spelling) for _, spelling in _flat(layout.sheets)),
        frozenset(name for name, spec in layout.fields.items() if spec.required),
        {fold(name): title for title in layout.titles for _, name in _flat(title.names)},
    )


@cache
def _lookups() -> tuple[_Lookup, ...]:
    return tuple(_lookup(spec, layout) for spec in load_specs().values() for layout in spec.layouts)


@cache
def _titled_lookups() -> tuple[_Lookup, ...]:
    return tuple(lookup for lookup in _lookups() if lookup.titles)


@cache
def _known_names() -> frozenset[str]:
    return frozenset(name for lookup in _lookups() for name in lookup.names)


def _spans(cells: Sequence[str]) -> list[tuple[int, int]]:
    """Where tables may stand in a header row: each run of filled cells, then the row as a whole."""
    spans = []
    start = None
    for index, cell in enumerate((*cells, "")):
        if cell.strip() and start is None:
            start = index
        elif not cell.strip() and start is not None:
            spans.append((start, index))
            start = None
    whole = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    return spans if len(spans) == 1 else [*spans, whole]


def _match(lookup: _Lookup, header: Row, start: int, stop: int) -> tuple[HeaderMatch, frozenset[str]]:
    columns: dict[str, list[int]] = {}
    ignored, unknown = [], []
    locales: Counter[str] = Counter()
    currency = None
    for index in range(start, stop):
        folded = fold(header.cells[index])
        if folded in lookup.names:
            name, spoken = lookup.names[folded]
            columns.setdefault(name, []).append(index)
            locales.update(spoken)
            continue
        found = next(((m, name) for p, name in lookup.patterns if (m := p.fullmatch(folded))), None)
        if found:
            columns.setdefault(found[1], []).append(index)
            currency = found[0].group("currency").upper()
        elif folded in lookup.ignored or folded.startswith(lookup.ignored_prefixes):
            ignored.append(index)
        elif folded:
            unknown.append(index)
    missing = lookup.required - set(columns)
    frozen = {name: tuple(places) for name, places in columns.items()}
    return (
        HeaderMatch(
            lookup.spec,
            lookup.layout,
            header,
            start,
            stop,
            frozen,
            tuple(ignored),
            tuple(unknown),
            locales,
            currency,
        ),
        missing,
    )


def _best_matches(sheet: Sheet, header: Row, recognition: Recognition) -> list[HeaderMatch]:
    """The best layout of each span of a header row; empty where none fits."""
    if not any(fold(cell) in _known_names() for cell in header.cells[:400]):
        return []
    found: list[HeaderMatch] = []
    spans = _spans(header.cells)
    for start, stop in spans:
        fitting = []
        for lookup in _lookups():
            if lookup.layout.titles or not lookup.names or not _on_sheet(sheet, lookup.sheets):
                continue
            match, missing = _match(lookup, header, start, stop)
            if not missing and match.columns:
                if _meets_condition(match, sheet):
                    fitting.append(match)
            elif len(match.columns) >= 3:
                share = len(match.columns) / max(1, len([cell for cell in header.cells[start:stop] if cell.strip()]))
                recognition.near_misses.append((share, lookup.spec, lookup.layout, tuple(sorted(missing))))
        if fitting:
            found.append(max(fitting, key=lambda match: match.weight))
    if len(spans) == 1:
        return found
    whole = [match for match in found if (match.start, match.stop) == spans[-1]]
    parts = [match for match in found if (match.start, match.stop) != spans[-1]]
    return parts if len(parts) > 1 or not whole else whole


def _meets_condition(match: HeaderMatch, sheet: Sheet) -> bool:
    condition = match.layout.when
    if condition is None:
        return True
    names = {fold(name) for _, name in _flat(condition.column)}
    places = [place for place in range(match.start, match.stop) if fold(match.header.cells[place]) in names]
    first = next((row for row in sheet.rows if row.number > match.header.number), None)
    cells = [first.cells[place] for place in places if first and place < len(first.cells)]
    return any(character.isdigit() for cell in cells for character in cell) is condition.digits


def _on_sheet(sheet: Sheet, names: frozenset[str]) -> bool:
    if not names:
        return True
    last = sheet.name.rsplit("/", 1)[-1]
    return fold(last) in names or fold(last.rsplit(".", 1)[0]) in names


def _single(row: Row) -> str | None:
    filled = [cell for cell in row.cells if cell.strip()]
    return filled[0] if len(filled) == 1 else None


def _titled(sheet: Sheet, index: int) -> Table | None:
    """A two-column table under a title line, or a titled block that is set aside, that starts at ``index``.

    Its rows are added when its end is known.
    """
    row = sheet.rows[index]
    label = _single(row)
    following = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else None
    if label is None or following is None:
        return None
    for lookup in _titled_lookups():
        title = lookup.titles.get(fold(label))
        if not lookup.layout.fields:
            if title:
                match = HeaderMatch(lookup.spec, lookup.layout, row, 0, len(row.cells), {}, (), (), Counter())
                return Table(sheet, match, (), title, label)
            continue
        if len(following.cells) < 2 or fold(following.cells[0]) not in lookup.names or _filled(following) != 2:
            continue
        match, missing = _match(lookup, following, 0, 2)
        if "metric_date" in match.columns and (title or not missing):
            columns = {"metric_date": match.columns["metric_date"], "value": (1,)}
            match = HeaderMatch(lookup.spec, lookup.layout, following, 0, 2, columns, (), (), match.locales)
            return Table(sheet, match, (), title, label)
    return None


def _filled(row: Row) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def recognise(sheets: Sequence[Sheet]) -> Recognition:
    """Find every known table in the sheets of one reading."""
    recognition = Recognition()
    for sheet in sheets:
        _recognise_sheet(sheet, recognition)
    return recognition


def _may_be_header(sheet: Sheet, index: int) -> bool:
    """The first rows, and any row after a blank line or a title, may be a header."""
    if index < HEADER_SCAN_ROWS:
        return True
    before, row = sheet.rows[index - 1], sheet.rows[index]
    gap = row.number - before.number - sum(cell.count("\n") for cell in before.cells) > 1
    return gap or _single(before) is not None


def _recognise_sheet(sheet: Sheet, recognition: Recognition) -> None:
    starts: list[tuple[int, int, list[Table]]] = []
    index = 0
    while index < len(sheet.rows):
        after = index + 1
        if _may_be_header(sheet, index):
            titled = _titled(sheet, index)
            if titled:
                after += 1 if titled.match.columns else 0
                starts.append((index, after, [titled]))
            elif matches := _best_matches(sheet, sheet.rows[index], recognition):
                starts.append((index, after, [Table(sheet, match, ()) for match in matches]))
        index = after
    first = starts[0][0] if starts else len(sheet.rows)
    recognition.strays.extend((sheet, row) for row in sheet.rows[:first])
    ends = [start for start, _, _ in starts[1:]] + [len(sheet.rows)]
    for (_, after, tables), end in zip(starts, ends, strict=True):
        recognition.tables.extend(replace(table, rows=sheet.rows[after:end]) for table in tables)
