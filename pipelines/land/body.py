"""The body of a large text: split into cells block by block, and written once, as the original that the lake keeps
where nothing is wrong with any row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pipelines.land.readers import Row
from pipelines.land.recognise import Table
from pipelines.land.survey import CHUNK, Survey
from pipelines.schema import literal

if TYPE_CHECKING:
    import duckdb

_GROUPS = "row_group_size 40960"
"""Groups so small that reading and writing a file of a few hundred thousand rows keeps every core busy."""
_OWN_NAMES = ("_row_number", "_outcome", "_reason", "_beyond_the_header")
_VARIED = ("id", "url", "text", "content_id", "person", "timestamp")
"""Types of which a file has as many values as rows: a dictionary of them would only be in the way."""
Columns = list[Any]
"""One array of text for each column of the header."""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ragged:
    """A row of another width than the header's, and how many rows of its width stand before it."""

    row: Row
    before: int


@dataclass
class Body:
    """The rows below the header of a large text.

    Attributes:
        original: the file of those that have the header's width, as the lake keeps them.
        count: how many rows it has.
        digits: places of numeric columns whose every cell is empty, or digits with at most one point.
        grouped: those of them that hold a number such as ``1.234``, which may be a thousand.
        broken_up: those of them that may hold a fraction, or a number of more than 12 characters.
        broken: blocks of the rows with line breaks inside their cells, by their order from 0, and how many they have.
        swallowed: the rows of which a cell may hold whole records.
        gaps: the lines of the rows that stand below a blank line.
        ragged: the rows of another width.
        added: the file of those of them that are data.
    """

    original: Path
    count: int = 0
    digits: set[int] = field(default_factory=set)
    grouped: set[int] = field(default_factory=set)
    broken_up: set[int] = field(default_factory=set)
    broken: list[tuple[Counts, Counts]] = field(default_factory=list)
    swallowed: list[int] = field(default_factory=list)
    gaps: set[int] = field(default_factory=set)
    ragged: list[Ragged] = field(default_factory=list)
    added: Path | None = None

    def breaks(self, rows: Iterable[int]) -> dict[int, int]:
        """How many line breaks are inside the cells of these rows, where there are any."""
        wanted, found = np.array(sorted(rows), np.int64), dict[int, int]()
        for places, counts in self.broken:
            chosen = np.isin(places, wanted)
            found.update(zip(places[chosen].tolist(), counts[chosen].tolist(), strict=True))
        return found

    def create_view(self, connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        """Create the view ``text0_rows``: ``i`` from 0 (none for what was added), the line ``r``, ``c0`` ..."""
        names = unique_names(table.match.header.cells, range(table.match.stop))
        bare = ", ".join(f"{quoted(name)} as c{place}" for place, name in enumerate(names))
        select = (
            f"select file_row_number as i, _row_number as r, {bare} "
            f"from read_parquet({literal(str(self.original))}, file_row_number = true)"
        )
        if self.added:
            select += f" union all select null, _row_number, {bare} from read_parquet({literal(str(self.added))})"
        connection.execute(f"create or replace view text0_rows as {select}")


def unique_names(header: tuple[str, ...], places: range) -> list[str]:
    """Column names that are there, all different in whatever case, and none of our own."""
    taken = set(_OWN_NAMES)
    names = []
    for place in places:
        name = header[place].strip() or f"column {place + 1}"
        while name.casefold() in taken:
            name = f"{name} ({place + 1})"
        taken.add(name.casefold())
        names.append(name)
    return names


def quoted(name: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def write_parquet(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    """Write a query's rows to a file that only this reading looks at: quickly rather than small."""
    connection.execute(f"copy ({select}) to {literal(str(path))} (format parquet, compression lz4, {_GROUPS})")


class OriginalFile:
    """The Parquet file of a table's rows as text, each with its line; ``with`` closes it."""

    def __init__(self, path: Path, table: Table) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        layout, names = table.match.layout, unique_names(table.match.header.cells, range(table.match.stop))
        varied = {place for name, places in table.match.columns.items() for place in places
                  if name in layout.fields and layout.fields[name].type in _VARIED}  # fmt: skip
        repeated = ["_outcome", *(name for place, name in enumerate(names) if place not in varied)]
        own = [("_row_number", pa.int64()), ("_outcome", pa.string()), ("_reason", pa.string())]
        self._schema = pa.schema(own + [(name, pa.string()) for name in names])
        self._file = parquet.ParquetWriter(
            path, self._schema, compression="zstd", compression_level=1, use_dictionary=repeated, write_statistics=False
        )

    def write(self, lines: Any, columns: Columns) -> None:
        """Add rows, one array for each column."""
        import pyarrow as pa

        own = [pa.array(lines, pa.int64()), pa.repeat("loaded", len(lines)), pa.nulls(len(lines), pa.string())]
        self._file.write_batch(pa.record_batch([*own, *columns], schema=self._schema))

    def __enter__(self) -> OriginalFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def split(text: Survey, table: Table, on_ragged: Callable[[Any], str]) -> Iterator[Any]:
    """The rows below the header, block by block, as columns of text; those of another width go to ``on_ragged``.

    The parser reads as Python's does, cell for cell, except that a blank line is a row of empty cells.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [f"c{place}" for place in range(table.match.stop)]
    reader = arrow_csv.open_csv(
        pa.PythonFile(text, mode="r"),
        read_options=arrow_csv.ReadOptions(
            block_size=CHUNK, use_threads=False, column_names=names, skip_rows=table.match.header.end
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=table.sheet.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=on_ragged,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    yield from reader
