"""Which columns of a file each canonical column was read from, told from the file's header and its layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipelines.land.lookups import Lookup, all_lookups, known_as
from pipelines.land.words import fold
from pipelines.spec import FieldSpec, LayoutSpec

Natives = dict[str, tuple[str, ...]]
"""By field, the names of columns as the file writes them."""


def native_columns(layouts: Iterable[str], header: Sequence[str]) -> Natives:
    """By field of the layout that knows this header best, the columns that it is read from, one that is worked out of
    others included. A field that the header does not tell (a constant, a file's name) is not in it.

    Args:
        layouts: the names of those that the file was read by.
        header: the names of a table's columns, as the file writes them.
    """
    wanted = {*layouts}
    found = [(lookup, _own(lookup, header)) for lookup in all_lookups() if lookup.layout.layout in wanted]
    fitting = [(lookup, own) for lookup, own in found if lookup.required <= own.keys() or lookup.layout.unpivot]
    if not fitting:
        return {}
    lookup, own = max(fitting, key=lambda pair: sum(map(len, pair[1].values())))
    made = {name: tuple(dict.fromkeys(_natives(lookup.layout, name, own, ()))) for name in lookup.layout.fields}
    return {name: natives for name, natives in made.items() if natives}


def masked_fields(layouts: Iterable[str]) -> frozenset[str]:
    """The fields of which only a keyed digest is kept."""
    wanted = {*layouts}
    return frozenset(
        name
        for lookup in all_lookups()
        if lookup.layout.layout in wanted
        for name, field in lookup.layout.fields.items()
        if field.personal == "hash" or field.type == "person"
    )


def _own(lookup: Lookup, header: Sequence[str]) -> dict[str, list[str]]:
    """By field, the columns that carry its name."""
    own: dict[str, list[str]] = {}
    for written in header:
        folded = fold(written)
        known = known_as(folded, lookup)
        name = known[0] if known else next((name for p, _, name in lookup.patterns if p.fullmatch(folded)), None)
        if name:
            own.setdefault(name, []).append(written)
    return own


def _natives(layout: LayoutSpec, name: str, own: dict[str, list[str]], seen: tuple[str, ...]) -> Iterator[str]:
    yield from own.get(name, ())
    field = layout.fields.get(name)
    if field is None or name in seen:
        return
    for other in _made_of(field):
        yield from _natives(layout, other, own, (*seen, name))


def _made_of(field: FieldSpec) -> Iterator[str]:
    """The fields whose text becomes part of this one's value, but not those it is only held against."""
    yield from filter(None, (field.extract.column if field.extract else None, field.fallback))
    yield from (*field.product, *(part.removesuffix("?") for part in field.total_of), *field.joined, *field.among)
    yield from (str(name) for name in (*(field.told_by or ())[:1], *(field.other_of or ())))
