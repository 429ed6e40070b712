"""One table on its way from text to canonical rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.land.body import Body
from pipelines.land.personal import personal_columns
from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.structure import Sorted, sort_rows
from pipelines.land.unpivot import make_long
from pipelines.schema import raw_tables
from pipelines.spec import FieldSpec

if TYPE_CHECKING:
    import duckdb

_DIGITS = re.compile(r"(?!\.$)[0-9]*\.?[0-9]*")


@dataclass
class Work:
    """One table on its way: ``name`` is its text table in the parsing engine (``r`` and ``c0``, ``c1``, ...), ``given``
    are the fields that its owner has answered for all rows, ``unmeasured`` those whose column says nothing true,
    ``serials`` the days that plain text gives as a spreadsheet's numbers, ``aside`` counts the rows set aside by
    reason, ``retyped`` are the measures of which no text is a number, with one of these texts. ``wide`` is the table as
    it stood in the file where its columns were made rows, ``columns_made`` where the two fields of that stand, ``done``
    the columns of the converted table, ``rows_file`` the canonical rows of a large one once they are written."""

    table: Table
    rows: Sorted
    name: str
    columns: dict[str, int] = field(default_factory=dict)
    day_of: dict[str, dict[int, date]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    unmeasured: set[str] = field(default_factory=set)
    serials: set[str] = field(default_factory=set)
    aside: dict[str, int] = field(default_factory=dict)
    retyped: dict[str, str] = field(default_factory=dict)
    wide: str | None = None
    columns_made: dict[str, int] = field(default_factory=dict)
    body: Body | None = None
    rows_file: Path | None = None
    digits: frozenset[int] = frozenset()
    grouped: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()
    done: frozenset[str] = frozenset()

    @property
    def fields(self) -> dict[str, FieldSpec]:
        return self.table.match.layout.fields

    def native_name(self, field_name: str) -> str:
        """The column's own name in the file."""
        if field_name == "value" and self.table.title_text:
            return self.table.title_text
        place = self.columns.get(field_name)
        if place is None and self.fields[field_name].total_of:
            parts = [part for part in self.fields[field_name].total_of if not part.endswith("?")]
            return " + ".join(map(self.native_name, parts))
        header = self.table.match.header.cells
        return field_name if place is None or place >= len(header) else header[place]


def load_text(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[Work]:
    """Put the data rows of each table into the engine as text, personal identifiers already replaced."""
    import pyarrow as pa
    from pyarrow.compute import utf8_trim_whitespace

    works = []
    for index, table in enumerate(tables):
        work = Work(table, sort_rows(table), f"text{index}")
        hashed, digits = personal_columns(table), dict[int, bool]()
        columns: dict[str, Any] = {"r": pa.array([row.number for row in work.rows.data], pa.int64())}
        places = range(table.match.start, table.match.stop)
        for place, cells in zip(places, _columns_of(work.rows.data, places), strict=True):
            mask = hashed.get(place)
            kept = [mask(cell.strip()) if cell.strip() else "" for cell in cells] if mask else cells
            columns[f"c{place}"] = utf8_trim_whitespace(pa.array(kept, pa.string()))
            if all(map(_DIGITS.fullmatch, kept)):
                digits[place] = any(cell[-4:-3] == "." for cell in kept)
        connection.register("incoming", pa.table(columns))
        connection.execute(f"create table {work.name} as select * from incoming")
        connection.unregister("incoming")
        work.digits, work.grouped = frozenset(digits), frozenset(place for place, found in digits.items() if found)
        make_long(connection, work)
        works.append(work)
    return works


def _columns_of(rows: Sequence[Row], places: range) -> Iterator[Sequence[str]]:
    """The cells of rows by column; a row that ends early has empty ones."""
    if not rows:
        return iter([()] * len(places))
    padding = ("",) * places.stop
    cut = (row.cells if len(row.cells) >= places.stop else (*row.cells, *padding) for row in rows)
    return islice(zip(*(cells[: places.stop] for cells in cut), strict=True), places.start, None)


def has_value(name: str, spec: FieldSpec, own: dict[str, FieldSpec]) -> bool:
    return (name in own or spec.extract is not None) and spec.type != "occurrence"


def id_like(work: Work) -> list[str]:
    """The fields that tell things apart: ids, people, and the texts that are part of a raw table's key."""
    keys = {key for table in work.table.match.layout.fills() for key in raw_tables()[table].natural_key}
    return [n for n, s in work.fields.items() if s.type in ("id", "person") or (s.type == "text" and n in keys)]


def unlisted_columns(work: Work) -> tuple[str, ...]:
    """The native names of columns that the specification does not know."""
    return tuple(work.table.match.header.cells[place] for place in work.table.match.unknown)
