"""Which column a field is read from where a file has several of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.land.convert import Work
from pipelines.land.outcome import Unusable
from pipelines.land.words import fold

if TYPE_CHECKING:
    import duckdb

_SAYS_NOTHING = "('', '0', '-')"


def choose_columns(connection: duckdb.DuckDBPyConnection, work: Work) -> list[str]:
    """Settle which column each field is read from; columns that hold the same are one.

    Where they differ, a column that says something wins over one of blanks and zeros. A field that is known to be
    written twice (``repeated: first``) is read from the column whose name stands first among its names, then from the
    one with a value in more rows, then from the first in the file.

    Returns:
        What the owner should know: columns that were passed over although they hold other values.

    Raises:
        Unusable: two columns of one name hold different values and nothing says which is meant.
    """
    notes = []
    for name, places in work.table.match.columns.items():
        work.columns[name] = places[0]
        if len(places) > 1:
            notes += _choose(connection, work, name, places)
    return notes


def _choose(connection: duckdb.DuckDBPyConnection, work: Work, name: str, places: tuple[int, ...]) -> list[str]:
    header = work.table.match.header.cells
    filled = {place: _count(connection, work, f"c{place} not in {_SAYS_NOTHING}") for place in places}
    spec = work.fields[name]
    ranks = dict.fromkeys(places, 0)
    if spec.repeated:
        known = {fold(text): rank for names in spec.names.values() for rank, text in reversed(list(enumerate(names)))}
        ranks = {place: known[fold(header[place])] for place in places}
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
