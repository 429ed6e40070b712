"""Rows of a large table that may be no data: the engine finds every one that could be, Python says what it is.

The tests here are wider than those of :mod:`pipelines.land.structure`, never narrower: a row that none of them finds
would be data there too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.land.body import Body
from pipelines.land.cells import MOST, add_ragged
from pipelines.land.personal import personal_places
from pipelines.land.readers import Row
from pipelines.land.recognise import HEADER_SCAN_ROWS, Table, recognise
from pipelines.land.structure import ENDS_TABLE, Places, Sorted, sort_rows
from pipelines.land.wholes import has_all
from pipelines.land.words import fold, words
from pipelines.schema import literal

if TYPE_CHECKING:
    import duckdb

_DROPPED = " ._\t\n"


def _bare(text: str) -> str:
    return text.lower().translate(dict.fromkeys(map(ord, _DROPPED)))


def _named_sql(column: str, listed: set[str]) -> str:
    """Whether a cell may fold to one of these words: any cell beyond ASCII that is short enough may."""
    plain = ", ".join(literal(word) for word in sorted(listed | {""}))
    dropped = f"translate(lower({column}), {literal(_DROPPED)}, '')"
    return (
        f"(length({column}) < 80 and case when strlen({column}) = length({column}) then {dropped} in ({plain}) "
        rf"else regexp_matches({column}, '^[^0-9]') end and {column} <> '')"
    )


def suspicion_sql(table: Table) -> tuple[str, str | None]:
    """SQL for whether a row may be something other than data; and for whether it surely is data, where a row can be
    told so at a fraction of the cost."""
    places = Places.of(table)
    width = table.match.stop
    cells = [f"c{place}" for place in range(width)]
    filled = " + ".join(f"cast({cell} <> '' as integer)" for cell in cells)
    first = f"coalesce({', '.join(f'nullif({cell}, {chr(39) * 2})' for cell in cells)}, '')"
    totals = {_bare(word) for word in words().totals}
    header = {_bare(fold(cell)) for cell in table.match.header.cells[:3]}
    tests = [f"({filled}) <= 1", _named_sql(first, totals | header)]
    days = {_bare(word) for word in words().all_days}
    tests += [_named_sql(f"c{place}", totals | days if place in places.day else totals) for place in places.named]
    typed = [f"c{place}" for place in places.typed] or cells
    tests.append(" and ".join(f"not regexp_matches({cell}, '[0-9]')" for cell in typed))
    closer = " or ".join(f"({test})" for test in tests)
    sure = _surely_data_sql(places, {*totals, *header})
    return (f"not ({sure}) and ({closer})" if sure else closer), sure


def _surely_data_sql(places: Places, listed: set[str]) -> str | None:
    """SQL for a row that none of the tests by words can find: its first cell and all its keys begin with a digit, as no
    such word does, or with a link, and so does one of its numbers. So are most rows of most files."""
    if any(word[:1].isdigit() or word.startswith("http") for word in listed):
        return None
    typed = [place for place in places.typed if place]
    if not typed:
        return None
    known = "(c{0} between '0' and '9~' or starts_with(c{0}, 'http'))"
    keys = [f"(c{place} = '' or {known.format(place)})" for place in places.named if place]
    return " and ".join([known.format(0), *keys, f"c{typed[0]} between '0' and '9~'"])


def sort_suspects(connection: duckdb.DuckDBPyConnection, table: Table, body: Body, folder: Path) -> Sorted | None:
    """Sort the rows of the view ``text0_rows``; those of another width that are data are added to it.

    Returns:
        What is no data, row by row, and the number of data rows; None where the rows must be read one after another.
    """
    if has_all(connection, table):
        return None  # such a row is told by the rows that it is the sum of
    true = _rows_in_doubt(connection, table, body)
    if len(true) > MOST or len(body.ragged) * 2 > body.count:
        return None
    rows = _closed_up(true, table.match.header.end, body.gaps)
    if not _is_one_table(table, true, body.gaps):
        return None
    places = dict(zip(map(id, rows), true, strict=True))
    verdict = sort_rows(replace(table, rows=tuple(rows)), usual=table.match.stop)
    if len(verdict.data) + len(verdict.ignored) + len(verdict.refused) != len(rows):
        return None
    if any(reason in ENDS_TABLE for _, reason in verdict.refused):
        return None  # what stands below depends on it, row after row
    ragged = {id(found.row) for found in body.ragged}
    added = [row for row in (places[id(data)] for data in verdict.data) if id(row) in ragged]
    if added and personal_places(table):
        return None  # a cell may have slipped into another column
    if added:
        add_ragged(body, table, added, folder / "added.parquet")
        body.create_view(connection, table)
    ignored = [(places[id(row)], reason) for row, reason in verdict.ignored]
    refused = [(places[id(row)], reason) for row, reason in verdict.refused]
    data = body.count + len(body.ragged) - len(ignored) - len(refused)
    return Sorted([], ignored, refused, elsewhere=data)


def _rows_in_doubt(connection: duckdb.DuckDBPyConnection, table: Table, body: Body) -> list[Row]:
    """The rows that may be no data and those above them, in the order of the file."""
    cells = ", ".join(f"c{place}" for place in range(table.match.stop))
    suspicion, sure = suspicion_sql(table)
    all_sure = sure and not connection.execute(f"select 1 from text0_rows where not ({sure}) limit 1").fetchone()
    some = f"select i from text0_rows where {suspicion} limit {MOST + 1}"
    doubted = [] if all_sure else connection.execute(some).fetchall()
    if body.gaps:
        gaps = ", ".join(map(str, body.gaps))
        doubted += connection.execute(f"select i from text0_rows where r in ({gaps})").fetchall()
    places = {0, *(i for (i,) in doubted), *body.swallowed, *(ragged.before for ragged in body.ragged)}
    taken = {place for i in places for place in (i - 1, i)}
    found = connection.execute(
        f"select i, r, {cells} from text0_rows where i in ({', '.join(map(str, taken))}) order by i"
    ).fetchall()
    breaks = body.breaks(taken)
    rows = [Row(number, tuple(texts), number + breaks.get(i, 0)) for i, number, *texts in found]
    return sorted([*rows, *(ragged.row for ragged in body.ragged)], key=lambda row: row.number)


def _closed_up(rows: list[Row], line: int, gaps: set[int]) -> list[Row]:
    """The rows numbered one below another: in the file there is data between them, and blank lines above some."""
    closed = []
    for row in rows:
        start = line + 1 + (row.number in gaps)
        closed.append(Row(start, row.cells, start + row.end - row.number))
        line = closed[-1].end
    return closed


def _is_one_table(table: Table, rows: list[Row], gaps: set[int]) -> bool:
    """Whether none of these rows begins another table, held against headers as they would be in the whole file: all of
    its first rows, then those below a gap."""
    first = table.sheet.rows[:HEADER_SCAN_ROWS]
    later = [row for row in rows if row.number > first[-1].number]
    sheet = replace(table.sheet, rows=(*first, *_closed_up(later, first[-1].end, gaps)))
    return len(recognise([sheet]).tables) == 1
