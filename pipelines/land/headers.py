"""Which layouts a header row may be of, and which of them knows it best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from pipelines.land.lookups import Lookup, Owner, all_lookups, is_ignored, known_as, known_names, near_lookups, owner_of
from pipelines.land.readers import Row, Sheet
from pipelines.land.surroundings import is_below, is_likely, is_on_sheet, meets_condition
from pipelines.land.words import fold
from pipelines.spec import LayoutSpec, SourceSpec, follows_specs

_UNNAMED = re.compile(r"unnamed: \d+(_level_\d+)?", re.IGNORECASE)
"""What a data frame writes over a column that has no name."""
_FIGURES = {"count", "amount", "duration"}

NearMiss = tuple[float, SourceSpec, LayoutSpec, tuple[str, ...]]
"""How much of a header a layout knows, and the required fields that it misses."""


@dataclass(frozen=True)
class HeaderMatch:
    """A layout found in a header row.

    ``columns`` maps a field to the positions that carry its name (more than one where a name occurs twice). Columns
    whose names say of which network or account they are stand in ``owners`` until :func:`by_owner` makes a match of
    each of these.
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
    unpivoted: tuple[int, ...] = ()
    network: str | None = None
    account: str | None = None
    owners: tuple[tuple[str, int, Owner], ...] = ()
    is_split: bool = False

    @property
    def owner_name(self) -> str:
        """What tells this table from others in the same columns."""
        return " of " + " ".join(filter(None, (self.network, self.account))) if self.is_split else ""

    @property
    def weight(self) -> tuple[int, int]:
        required = sum(1 for spec in self.layout.fields.values() if spec.required)
        return sum(map(len, self.columns.values())) + len(self.ignored) + len(self.unpivoted), required


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


def match_header(lookup: Lookup, header: Row, start: int, stop: int) -> tuple[HeaderMatch, frozenset[str]]:
    columns: dict[str, list[int]] = {}
    ignored, unknown, unpivoted = [], [], []
    unpivot = lookup.layout.unpivot
    locales: Counter[str] = Counter()
    currency = None
    owners: list[tuple[str, int, Owner]] = []
    same: dict[tuple[str | None, tuple[str, ...]], Owner] = {}  # by their words: their order differs
    for index in range(start, stop):
        folded = fold(header.cells[index])
        if known := known_as(folded, lookup):
            name, spoken = known
            columns.setdefault(name, []).append(index)
            locales.update(spoken)
            continue
        found = next(((m, p, loose, name) for p, loose, name in lookup.patterns if (m := p.fullmatch(folded))), None)
        if found:
            groups = found[0].groupdict()
            columns.setdefault(found[3], []).append(index)
            currency = groups["currency"].upper() if groups.get("currency") else currency
            owner = owner_of(header.cells[index], folded, found[1], found[2])
            owner = same.setdefault((owner[0], tuple(sorted((owner[1] or "").split()))), owner)
            owners += [(found[3], index, owner)] if any(owner) else []
        elif unpivot and re.fullmatch(unpivot.pattern, header.cells[index].strip()):
            unpivoted.append(index)
        elif folded in lookup.ignored or is_ignored(folded, lookup):
            ignored.append(index)
        elif folded:
            unknown.append(index)
    missing = lookup.required - set(columns)
    became_rows = {header.cells[index].strip() for index in unpivoted}
    if unpivot and not (became_rows and {*unpivot.required} <= became_rows):
        missing |= {unpivot.value}
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
            unpivoted=tuple(unpivoted),
            owners=tuple(owners),
        ),
        missing,
    )


def by_owner(match: HeaderMatch) -> list[HeaderMatch]:
    """A match for each network and account that columns are named after, each with the columns that are of all."""
    owners = list(dict.fromkeys(owner for *_, owner in match.owners))
    if not owners:
        return [match]
    owned = {place for _, place, _ in match.owners}
    shared = {
        name: kept for name, places in match.columns.items() if (kept := tuple(p for p in places if p not in owned))
    }
    found = []
    for owner in owners:
        columns: dict[str, tuple[int, ...]] = dict(shared)
        for name, place, whose in match.owners:
            if whose == owner:
                columns[name] = (*columns.get(name, ()), place)
        found.append(
            replace(match, columns=columns, network=owner[0], account=owner[1], owners=(), is_split=len(owners) > 1)
        )
    return found


def best_matches(sheet: Sheet, header: Row, near_misses: list[NearMiss], place: PurePosixPath) -> list[HeaderMatch]:
    """The best layout of each span of a header row; empty where none fits: then those that nearly do are noted. Of two
    that know it equally well, the one that the file's place or name speaks for."""
    if not any(fold(cell) in known_names() for cell in header.cells[:400]):
        return []
    found: list[HeaderMatch] = []
    spans = _spans(header.cells)
    for start, stop in spans:
        fitting: list[HeaderMatch] = []
        nearest, nameless = 0, list[HeaderMatch]()
        filled = len([cell for cell in header.cells[start:stop] if cell.strip()])
        for lookup, match, missing in _candidates(header, start, stop):
            if not is_on_sheet(sheet, lookup, place):
                continue
            if not missing and match.columns and (match.owners or not lookup.is_of_owners):
                if meets_condition(match, sheet) and is_below(match, sheet) and not _says_too_little(match):
                    fitting.append(match)
            elif len(match.columns) >= 3 or (len(match.columns) == 2 and is_likely(match, sheet, place)):
                share = len(match.columns) / max(1, filled)
                near_misses.append((share, lookup.spec, lookup.layout, tuple(sorted(missing))))
                if len(match.columns) >= 3:
                    nearest = max(nearest, len(match.columns) + len(match.ignored))
                    if missing <= lookup.telling:
                        nameless.append(match)
        if fitting:
            best = max(fitting, key=lambda match: _strength(match, sheet, place))
            is_of_other = any(_knows_more(other, best) for other in nameless)
            if not is_of_other and not _is_hearsay(best, filled=filled, nearest=nearest):
                found += by_owner(best)
    if len(spans) == 1:
        return found
    whole = [match for match in found if (match.start, match.stop) == spans[-1]]
    parts = [match for match in found if (match.start, match.stop) != spans[-1]]
    return parts if len(parts) > 1 or not whole else whole


@partial(follows_specs, newest=64)
def _candidates(header: Row, start: int, stop: int) -> list[tuple[Lookup, HeaderMatch, frozenset[str]]]:
    """Every layout that a header row may be of. Kept, for files with the same header come in numbers."""
    return [(each, *match_header(each, header, start, stop)) for each in near_lookups(header.cells[start:stop])]


def _strength(match: HeaderMatch, sheet: Sheet, place: PurePosixPath) -> tuple[int, bool, int, bool]:
    """How much speaks for a layout: the columns it knows, then the lines above that only its source writes."""
    known, required = match.weight
    return known, match.layout.needs_lines_above, required, is_likely(match, sheet, place)


def _says_too_little(match: HeaderMatch) -> bool:
    """Whether a header holds no figure where all else is written alike by many (a list of links and days is no source's
    in particular), or is there for its figures alone (of averages and rates nothing is kept)."""
    layout = match.layout
    types = {layout.fields[name].type for name in match.columns if name in layout.fields}
    is_empty_without = not layout.content_decides or "web_metrics" in layout.fills()
    return bool(layout.fills()) and is_empty_without and types.isdisjoint(_FIGURES)


def _knows_more(nameless: HeaderMatch, match: HeaderMatch) -> bool:
    """Whether a layout that a header fits but for its id knows more of it than one that it fits: then these are rows of
    the former, and no sum of them."""
    more = len(nameless.columns) - len(match.columns)
    return more > 0 and more + len(nameless.ignored) > len(match.ignored)


def _is_hearsay(match: HeaderMatch, *, filled: int, nearest: int) -> bool:
    """Whether a layout knows so little of a header that another, which it nearly is, must be meant: a file of costs
    without its amounts is no list of salespeople because it names one."""
    known = len(match.columns) + len(match.ignored) + len(match.unpivoted)
    return known * 2 < filled and nearest >= known * 2


def is_told_by_days(match: HeaderMatch) -> bool:
    """Whether the rows below may make a header another layout's: one that asks whether a column holds days."""
    asking = (lookup for lookup in all_lookups() if lookup.layout.when and lookup.layout.when.digits is not None)
    return any(not match_header(lookup, match.header, match.start, match.stop)[1] for lookup in asking)
