"""What every layout knows of header names, ready to be held against a row of cells.

Names are compared folded (see :mod:`pipelines.land.words`), so a re-saved copy needs no rules of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from pipelines.land.networks import network_named
from pipelines.land.words import fold, garbled
from pipelines.spec import LayoutSpec, Names, SourceSpec, Title, follows_specs, load_specs

_NO_WORD = re.compile(r"[^\w{}*]+")
_DASHES = ("-", "\u2013", "\u2014")
_PLACEHOLDER = re.compile(r"\{(currency|network|account|lost)\}")
_STANDS_FOR = {
    "currency": r"(?P<currency>[A-Za-z]{3})",
    "network": r"(?P<network>[^:()]+?)",
    "account": r"(?P<account>.+)",
    "lost": r"(?P<lost>.+)",  # accounts whose names have run together
}

Owner = tuple[str | None, str | None]
"""The network and the account that a column's name says it is of."""


@dataclass(frozen=True)
class Lookup:
    """Folded header names of one layout; the fields that it requires, and those that tell its rows apart."""

    spec: SourceSpec
    layout: LayoutSpec
    names: dict[str, tuple[str, frozenset[str]]]
    patterns: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]
    ignored: frozenset[str]
    ignored_prefixes: tuple[str, ...]
    ignored_suffixes: tuple[str, ...]
    ignored_parts: tuple[str, ...]
    sheets: frozenset[str]
    required: frozenset[str]
    telling: frozenset[str]
    is_of_owners: bool
    titles: dict[str, Title]

    def is_far_from(self, known: int) -> bool:
        """Whether a header of which this layout knows so many names neither is this layout's nor nearly is: most are
        told so at a glance."""
        near = 2 if self.patterns or self.layout.unpivot else 3
        return not known or (known < near and known < len(self.required))


def flat(names: Names) -> Iterator[tuple[str, str]]:
    for locale, spellings in names.items():
        for spelling in spellings:
            yield locale, spelling


@cache
def _name_pattern(name: str, *, loose: bool = False) -> re.Pattern[str]:
    """A header name with placeholders as a pattern; a loose one is for the header as written, not folded."""
    literals = _PLACEHOLDER.split(name)
    parts = [_STANDS_FOR[part] if index % 2 else re.escape(part) for index, part in enumerate(literals)]
    if loose:
        parts = [part if index % 2 else re.sub(r"(\\\s|\s|_)+", r"[\\s_]+", part) for index, part in enumerate(parts)]
    return re.compile("".join(parts), re.IGNORECASE if loose else 0)


def owner_of(written: str, folded: str, pattern: re.Pattern[str], loose: re.Pattern[str]) -> Owner:
    """The network and account in a header name, the account as it is written; several in the order of the alphabet,
    for their order differs from column to column."""
    words = _NO_WORD.sub(" ", written).strip()
    found = loose.fullmatch(written.strip()) or loose.fullmatch(words) or pattern.fullmatch(folded)
    groups = found.groupdict() if found else {}
    network, account = groups.get("network"), groups.get("account")
    names = (
        [name.strip() for name in account.split(", ")] if account else _run_together(groups.get("lost") or "", written)
    )
    return network_named(network) if network else None, ", ".join(sorted({*names})) or None


def _run_together(lost: str, written: str) -> list[str]:
    """The names that a program has run together in a header, apart where it left more than one dot between them, as R
    does for a comma and a space; else as one, for nobody knows where one ends."""
    parts = [_NO_WORD.sub(" ", part).strip() for part in re.split(r"\.{2,}", written.strip(". "))]
    return next((parts[first:] for first in range(len(parts)) if " ".join(parts[first:]) == lost), [lost])


def _telling(layout: LayoutSpec, name: str) -> Iterator[str]:
    """The fields that tell rows apart: an id, and the names that stand in for it or make it up."""
    yield name
    field = layout.fields[name]
    for other in filter(None, (field.fallback, *field.joined)):
        yield from _telling(layout, other)


@cache
def bare(folded: str) -> str | None:
    """A folded name as programs write it that allow words alone (``created date (utc)``: ``created date utc``); None
    where it is so already, and where a sign other than a dash stands alone: without it the name may be another's."""
    parts = [_NO_WORD.sub(" ", token).strip() for token in folded.split(" ") if token not in _DASHES]
    found = " ".join(parts)
    return found if all(parts) and found != folded else None


def _bare_names(names: dict[str, tuple[str, frozenset[str]]], taken: set[str]) -> dict[str, tuple[str, frozenset[str]]]:
    """The bare forms that are of one field alone."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for name, known in names.items():
        if (form := bare(name)) and form not in names and form not in taken:
            found.setdefault(form, []).append(known)
    return {
        form: (known[0][0], frozenset().union(*(locales for _, locales in known)))
        for form, known in found.items()
        if len({field for field, _ in known}) == 1
    }


def _lookup(spec: SourceSpec, layout: LayoutSpec) -> Lookup:
    names: dict[str, tuple[str, frozenset[str]]] = {}
    patterns = []
    for name, field_spec in layout.fields.items():
        for locale, spelling in flat(field_spec.names):
            folded = fold(spelling)
            if _PLACEHOLDER.search(folded):
                patterns.append((_name_pattern(folded), _name_pattern(spelling, loose=True), name))
                if form := bare(folded):
                    form = form.replace("{account}", "{lost}")
                    patterns.append((_name_pattern(form), _name_pattern(form, loose=True), name))
            else:
                known = names.get(folded, (name, frozenset()))
                names[folded] = (known[0], known[1] | {locale})
    ignored = {fold(spelling) for _, spelling in flat(layout.columns_ignored)}
    ignored |= {fold(spelling) for _, spelling in flat(layout.columns_personal)}
    ignored |= {fold(spelling) for _, spelling in flat(layout.when.column)} if layout.when else set()
    ignored |= {form for name in ignored if (form := bare(name)) and form not in names}
    names |= _bare_names(names, ignored)
    return Lookup(
        spec,
        layout,
        names,
        tuple(patterns),
        frozenset(name for name in ignored if "*" not in (name[0], name[-1])),
        tuple(name[:-1].strip() for name in ignored if name[-1] == "*" and name[0] != "*"),
        tuple(name[1:].strip() for name in ignored if name[0] == "*" and name[-1] != "*"),
        tuple(name.strip("*").strip() for name in ignored if name[0] == name[-1] == "*"),
        frozenset(fold(spelling) for _, spelling in flat(layout.sheets)),
        frozenset(name for name, spec in layout.fields.items() if spec.required),
        frozenset(name for each, spec in layout.fields.items() if spec.type == "id" for name in _telling(layout, each)),
        any("{account}" in spelling for spec in layout.fields.values() for _, spelling in flat(spec.names)),
        {fold(name): title for title in layout.titles for _, name in flat(title.names)},
    )


@follows_specs
def all_lookups() -> tuple[Lookup, ...]:
    return tuple(_lookup(spec, layout) for spec in load_specs().values() for layout in spec.layouts)


@follows_specs
def titled_lookups() -> tuple[Lookup, ...]:
    return tuple(lookup for lookup in all_lookups() if lookup.titles)


@follows_specs
def paired_lookups() -> tuple[Lookup, ...]:
    return tuple(lookup for lookup in all_lookups() if lookup.layout.pairs)


@follows_specs
def known_names() -> frozenset[str]:
    return frozenset(name for lookup in all_lookups() for name in lookup.names)


def names_in(cells: Iterable[str]) -> set[str]:
    """The names in a header row, folded, and those that garbled ones may be."""
    folded = set(map(fold, cells))
    return folded.union(*(garbled(name, known_names()) for name in folded - known_names()))


def near_lookups(cells: Iterable[str]) -> list[Lookup]:
    """The layouts that a header row may be of, or nearly be of."""
    known = Counter(place for name in names_in(cells) for place in (*_knowing(name), *_patterned(name)))
    near = ((all_lookups()[place], count) for place, count in sorted(known.items()))
    return [each for each, count in near if each.names and not each.layout.titles and not each.is_far_from(count)]


def _knowing(folded: str) -> tuple[int, ...]:
    """The places, among all layouts, of those that know a name."""
    return _places().get(folded, ())


@follows_specs
def _places() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for place, lookup in enumerate(all_lookups()):
        for name in lookup.names:
            found[name] = (*found.get(name, ()), place)
    return found


@partial(follows_specs, newest=1024)
def _patterned(folded: str) -> tuple[int, ...]:
    """The places, among all layouts, of those of which a pattern fits a name."""
    if not _any_pattern().fullmatch(folded):
        return ()
    return tuple(
        place
        for place, lookup in enumerate(all_lookups())
        if any(pattern.fullmatch(folded) for pattern, *_ in lookup.patterns)
    )


@follows_specs
def _any_pattern() -> re.Pattern[str]:
    """The patterns of all layouts in one, since hardly any cell follows one."""
    written = dict.fromkeys(pattern.pattern for lookup in all_lookups() for pattern, *_ in lookup.patterns)
    return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", each) for each in written))


def known_as(folded: str, lookup: Lookup) -> tuple[str, frozenset[str]] | None:
    """The field that a header cell names and the locales that it speaks."""
    if folded in lookup.names or "?" not in folded:
        return lookup.names.get(folded)
    found = [lookup.names[name] for name in garbled(folded, lookup.names)]
    if len({name for name, _ in found}) != 1:
        return None
    return found[0][0], frozenset().union(*(locales for _, locales in found))


def is_ignored(folded: str, lookup: Lookup) -> bool:
    begins_or_ends = folded.startswith(lookup.ignored_prefixes) or folded.endswith(lookup.ignored_suffixes)
    return begins_or_ends or any(part in folded for part in lookup.ignored_parts)
