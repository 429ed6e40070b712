"""Parquet: one sheet whose header is the column names."""

from __future__ import annotations

from itertools import chain

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.flatten import records_sheet
from pipelines.land.readers.grid import Row, Sheet, text_rows
from pipelines.land.readers.mojibake import mend_sheets


def read_parquet(data: bytes, *, name: str) -> list[Sheet]:
    """The table as a sheet; nested columns flattened as JSON is.

    Raises:
        UnreadableFileError: damaged.
    """
    import pyarrow as pa
    from pyarrow import parquet, types

    try:
        file = parquet.ParquetFile(pa.BufferReader(data))
        nested = any(types.is_nested(column.type) for column in file.schema_arrow)
        batches = list(file.iter_batches())
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            f"the Parquet file is damaged: {error}", where=name, remedy="Export it again"
        ) from error
    if nested:
        records = chain.from_iterable(batch.to_pylist() for batch in batches)
        return mend_sheets([records_sheet(enumerate(records, start=2), name="", encoding="parquet", where=name)])
    rows = chain.from_iterable(zip(*(column.to_pylist() for column in batch.columns), strict=True) for batch in batches)
    header = Row(1, tuple(file.schema_arrow.names), 1)
    return mend_sheets([Sheet("", "parquet", (header, *text_rows(enumerate(rows, start=2))))])
