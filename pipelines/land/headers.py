"""Headers: every layout's names, ready to be held against a row of cells.

Names are compared folded (see :mod:`pipelines.land.words`), so a re-saved copy needs no rules of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.land.readers import Row, Sheet
from pipelines.land.words import fold
from pipelines.spec import LayoutSpec, Names, SourceSpec, Title, load_specs

_UNNAMED = re.compile(r"unnamed: \d+(_level_\d+)?", re.IGNORECASE)
"""What a data frame writes over a column that has no name."""
_DAY = re.compile(r"\s*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]0{1,2}:00(:00)?)?|[2-7]\d{4})\s*")
_CURRENCY = r"(?P<currency>[A-Za-z]{3})"


NearMiss = tuple[float, SourceSpec, LayoutSpec, tuple[str, ...]]
"""How much of a header a layout knows, and the required fields that it misses."""


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
class Lookup:
    """Folded header names of one layout."""

    spec: SourceSpec
    layout: LayoutSpec
    names: dict[str, tuple[str, frozenset[str]]]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    ignored: frozenset[str]
    ignored_prefixes: tuple[str, ...]
    ignored_suffixes: tuple[str, ...]
    sheets: frozenset[str]
    required: frozenset[str]
    titles: dict[str, Title]


def flat(names: Names) -> Iterator[tuple[str, str]]:
    for locale, spellings in names.items():
        for spelling in spellings:
            yield locale, spelling


def _lookup(spec: SourceSpec, layout: LayoutSpec) -> Lookup:
    names: dict[str, tuple[str, frozenset[str]]] = {}
    patterns = []
    for name, field_spec in layout.fields.items():
        for locale, spelling in flat(field_spec.names):
            folded = fold(spelling)
            if "{currency}" in folded:
                parts = (re.escape(part) for part in folded.split("{currency}"))
                patterns.append((re.compile(_CURRENCY.join(parts)), name))
            else:
                known = names.get(folded, (name, frozenset()))
                names[folded] = (known[0], known[1] | {locale})
    ignored = {fold(spelling) for _, spelling in flat(layout.columns_ignored)}
    ignored |= {fold(spelling) for _, spelling in flat(layout.columns_personal)}
    return Lookup(
        spec,
        layout,
        names,
        tuple(patterns),
        frozenset(name for name in ignored if "*" not in (name[0], name[-1])),
        tuple(name.removesuffix("*").strip() for name in ignored if name.endswith("*")),
        tuple(name.removeprefix("*").strip() for name in ignored if name.startswith("*")),
        frozenset(fold(spelling) for _, spelling in flat(layout.sheets)),
        frozenset(name for name, spec in layout.fields.items() if spec.required),
        {fold(name): title for title in layout.titles for _, name in flat(title.names)},
    )


@cache
def _lookups() -> tuple[Lookup, ...]:
    return tuple(_lookup(spec, layout) for spec in load_specs().values() for layout in spec.layouts)


@cache
def titled_lookups() -> tuple[Lookup, ...]:
    return tuple(lookup for lookup in _lookups() if lookup.titles)


@cache
def paired_lookups() -> tuple[Lookup, ...]:
    return tuple(lookup for lookup in _lookups() if lookup.layout.pairs)


@cache
def _known_names() -> frozenset[str]:
    return frozenset(name for lookup in _lookups() for name in lookup.names)


def _spans(cells: Sequence[str]) -> list[tuple[int, int]]:
    """Where tables may stand in a header row: each run of filled cells, then the row as a whole."""
    spans = []
    start = None
    for index, cell in enumerate((*cells, "")):
        is_named = bool(cell.strip()) and not _UNNAMED.fullmatch(cell.strip())
        if is_named and start is None:
            start = index
        elif not is_named and start is not None:
            spans.append((start, index))
            start = None
    whole = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    return spans if len(spans) == 1 else [*spans, whole]


def _is_ignored(folded: str, lookup: Lookup) -> bool:
    return folded.startswith(lookup.ignored_prefixes) or folded.endswith(lookup.ignored_suffixes)


def match_header(lookup: Lookup, header: Row, start: int, stop: int) -> tuple[HeaderMatch, frozenset[str]]:
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
        elif folded in lookup.ignored or _is_ignored(folded, lookup):
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


def best_matches(sheet: Sheet, header: Row, near_misses: list[NearMiss]) -> list[HeaderMatch]:
    """The best layout of each span of a header row; empty where none fits: then those that nearly do are noted."""
    if not any(fold(cell) in _known_names() for cell in header.cells[:400]):
        return []
    found: list[HeaderMatch] = []
    spans = _spans(header.cells)
    for start, stop in spans:
        fitting = []
        for lookup in _lookups():
            if lookup.layout.titles or not lookup.names or not _on_sheet(sheet, lookup.sheets):
                continue
            match, missing = match_header(lookup, header, start, stop)
            if not missing and match.columns:
                if _meets_condition(match, sheet):
                    fitting.append(match)
            elif len(match.columns) >= 3:
                share = len(match.columns) / max(1, len([cell for cell in header.cells[start:stop] if cell.strip()]))
                near_misses.append((share, lookup.spec, lookup.layout, tuple(sorted(missing))))
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
    names = {fold(name) for _, name in flat(condition.column)}
    places = [place for place in range(match.start, match.stop) if fold(match.header.cells[place]) in names]
    if condition.present is not None:
        return bool(places) is condition.present
    below = (row.cells for row in sheet.rows if row.number > match.header.number)
    cells = (cells[place] for cells in below for place in places if place < len(cells))
    return any(map(_DAY.fullmatch, cells)) is condition.digits


def _on_sheet(sheet: Sheet, names: frozenset[str]) -> bool:
    if not names:
        return True
    last = sheet.name.rsplit("/", 1)[-1]
    return fold(last) in names or fold(last.rsplit(".", 1)[0]) in names
