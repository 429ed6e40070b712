"""Which column a field is read from where a file has several of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.land.lookups import flat
from pipelines.land.outcome import Unusable
from pipelines.land.structure import DESCRIPTION
from pipelines.land.words import fold
from pipelines.land.work import Work
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb

_SAYS_NOTHING = "('', '0', '-')"


def choose_columns(connection: duckdb.DuckDBPyConnection, work: Work) -> list[str]:
    """Settle which column each field is read from; columns that hold the same are one.

    Where they differ, a column that says something wins over one of blanks and zeros. A field that is known to be
    written twice (``repeated: first``) is read from the column whose name stands first among its names, then from the
    one with a value in more rows, then from the first in the file. A field that the row of descriptions tells from its
    namesake (``described``) is read from the column so described, and left out where nothing describes it.

    Returns:
        What the owner should know: columns that were passed over although they hold other values.

    Raises:
        Unusable: two columns of one name hold different values and nothing says which is meant.
    """
    notes = []
    work.columns |= work.columns_made
    for name, places in work.table.match.columns.items():
        spec = work.fields.get(name)
        if spec and spec.described:
            told = _told(work, spec, places)
            if told is None and not (len(places) > 1 and _agree(connection, work, places)):
                notes.append(_undecided(work, name, places))
                continue
            places = places if told is None else told
        if places:
            work.columns[name] = places[0]
        if len(places) > 1:
            notes += _choose(connection, work, name, places)
    work.unmeasured.update(name for name in work.columns if _is_void(connection, work, name))
    return [*notes, *(_unmeasured(connection, work, name) for name in sorted(work.unmeasured))]


def _is_void(connection: duckdb.DuckDBPyConnection, work: Work, name: str) -> bool:
    """Whether a column of zeros stands beside one that shows that they were never measured."""
    spec = work.fields.get(name)
    beside = [work.columns[other] for other in spec.not_zero_beside if other in work.columns] if spec else []
    if not beside or _says_something(connection, work, work.columns[name]):
        return False
    zeros = _count(connection, work, f"c{work.columns[name]} = '0'")
    return bool(zeros) and any(_says_something(connection, work, place) for place in beside)


def _says_something(connection: duckdb.DuckDBPyConnection, work: Work, place: int) -> int:
    return _count(connection, work, f"c{place} not in {_SAYS_NOTHING}")


def _unmeasured(connection: duckdb.DuckDBPyConnection, work: Work, name: str) -> str:
    rows = _count(connection, work, "true")
    return (
        f"{work.native_name(name)!r} is 0 in all {rows} rows although other figures are not: it was not measured, and "
        f"no known {name} is restated by it"
    )


def _told(work: Work, spec: FieldSpec, places: tuple[int, ...]) -> tuple[int, ...] | None:
    """The columns that the row of descriptions says to be this field; None where the file has no such row, or one that
    is longer than the header, so that it describes other columns than it stands under."""
    row = next((row for row, reason in work.rows.ignored if reason == DESCRIPTION), None)
    texts = {place: fold(row.cells[place]) for place in places if row and place < len(row.cells)}
    is_shifted = row is not None and any(map(str.strip, row.cells[work.table.match.stop :]))
    if is_shifted or not any(texts.values()):
        return None
    wanted = [fold(text) for _, text in flat(spec.described)]
    return tuple(place for place, text in texts.items() if any(want in text for want in wanted))


def _agree(connection: duckdb.DuckDBPyConnection, work: Work, places: tuple[int, ...]) -> bool:
    """Whether columns hold the same in every row."""
    differing = " or ".join(f"c{places[0]} is distinct from c{other}" for other in places[1:])
    return not _count(connection, work, differing)


def _undecided(work: Work, name: str, places: tuple[int, ...]) -> str:
    title = work.table.match.header.cells[places[0]]
    where = " and ".join(str(place + 1) for place in places)
    totals = "".join(f" (and {other})" for other, spec in work.fields.items() if name in spec.total_of)
    return (
        f"{name}{totals} is left out: by the name {title!r} (column {where}) goes a count of events and one of people, "
        "and the row of descriptions that tells them apart is gone"
    )


def _choose(connection: duckdb.DuckDBPyConnection, work: Work, name: str, places: tuple[int, ...]) -> list[str]:
    header = work.table.match.header.cells
    filled = {place: _count(connection, work, f"c{place} not in {_SAYS_NOTHING}") for place in places}
    spec = work.fields[name]
    ranks = dict.fromkeys(places, 0)
    if spec.repeated:
        known = {fold(text): rank for names in spec.names.values() for rank, text in reversed(list(enumerate(names)))}
        ranks = {place: known.get(fold(header[place]), len(known)) for place in places}
    order = [(not filled[place], ranks[place], -filled[place] if spec.repeated else 0, place) for place in places]
    chosen, *others = (place for *_, place in sorted(order))
    work.columns[name] = chosen
    notes = []
    for other in others:
        differing = _count(connection, work, f"c{chosen} is distinct from c{other}")
        if not differing or not filled[other]:
            continue
        only_there = _count(connection, work, f"c{chosen} = '' and c{other} not in {_SAYS_NOTHING}")
        is_meant = spec.repeated and (not only_there or ranks[chosen] != ranks[other])
        if not is_meant:
            raise Unusable(
                f"two columns are named {header[chosen]!r} (columns {chosen + 1} and {other + 1}) and differ in "
                f"{differing} rows: rename the one that does not hold {name}"
            )
        notes.append(
            f"{name} is read from {header[chosen]!r} (column {chosen + 1}); {header[other]!r} (column {other + 1}) "
            f"differs in {differing} rows and is not used"
        )
    return notes


def _count(connection: duckdb.DuckDBPyConnection, work: Work, test: str) -> int:
    row = connection.execute(f"select count(*) filter ({test}) from {work.name}").fetchone()
    return int(row[0]) if row else 0
