"""Journeys out of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.attribution.journeys import Journeys
from pipelines.warehouse import MARTS

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

AMOUNTS = ("revenue", "net_revenue")

READ = f"""
    select from_json(path, '["VARCHAR"]') as path, month_start - date '1970-01-01' as day,
        cast(conversions as bigint) as conversions, cast(non_conversions as bigint) as nulls,
        cast(coalesce(cast(revenue as decimal(38, 6)), 0) * 1000000 as bigint) as revenue,
        cast(coalesce(cast(net_revenue as decimal(38, 6)), 0) * 1000000 as bigint) as net_revenue,
        cast(revenue is not null as tinyint) as revenue_known,
        cast(net_revenue is not null as tinyint) as net_revenue_known
    from {MARTS}.mart_journeys_monthly where grain = '{{grain}}' order by mart_journeys_monthly.path, month_start
"""


@dataclass(frozen=True)
class Monthly:
    """Distinct paths of each month, at one grain.

    Attributes:
        journeys: the paths.
        months: the first day of each path's month.
        known: by amount, whether anything is known of it for the path.
    """

    journeys: Journeys
    months: NDArray[np.datetime64]
    known: dict[str, NDArray[np.bool_]]

    def periods(self, kind: str) -> list[tuple[Any, NDArray[np.bool_]]]:
        """The periods of one kind (all, quarter, month), by their first day (None for all), with their paths."""
        if kind == "all":
            return [(None, np.ones(len(self.months), bool))] if len(self.months) else []
        months = self.months.astype("datetime64[M]").astype(np.int64)
        first = (months - months % (3 if kind == "quarter" else 1)).astype("datetime64[M]").astype("datetime64[D]")
        return [(start.item(), first == start) for start in np.unique(first)]


def read(connection: duckdb.DuckDBPyConnection, grain: str) -> Monthly:
    """The journeys of one grain, in an order that does not depend on how they were loaded."""
    table = connection.execute(READ.format(grain=grain)).to_arrow_table().combine_chunks()
    columns = {name: numbers(table.column(name).combine_chunks()) for name in table.column_names[1:]}
    return Monthly(
        encoded(
            table.column("path").combine_chunks(),
            conversions=columns["conversions"],
            nulls=columns["nulls"],
            amounts={name: columns[name] for name in AMOUNTS},
        ),
        months=columns["day"].astype("datetime64[D]"),
        known={name: columns[f"{name}_known"].astype(bool) for name in AMOUNTS},
    )


def encoded(
    paths: Any, *, conversions: NDArray[np.int64], nulls: NDArray[np.int64], amounts: dict[str, NDArray[np.int64]]
) -> Journeys:
    """Journeys out of an Arrow array of lists of texts; no list and no text in it may be missing.

    Raises:
        ValueError: one is.
    """
    import pyarrow.compute as pc

    if paths.null_count or paths.flatten().null_count:
        raise ValueError("a path or a channel is missing: an empty list is a journey without a touch")
    numbered = pc.dictionary_encode(paths.flatten())
    names = numbered.dictionary.to_pylist()
    order = sorted(range(len(names)), key=lambda place: names[place])
    rank = np.zeros(max(1, len(names)), np.int64)
    rank[order] = np.arange(len(names))
    lengths = numbers(pc.list_value_length(paths)).astype(np.int64)
    return Journeys(
        states=tuple(names[place] for place in order),
        codes=rank[numbers(numbered.indices)],
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=conversions,
        nulls=nulls,
        amounts=amounts,
    )


def numbers(values: Any) -> NDArray[Any]:
    """An Arrow array of whole numbers, none missing, for NumPy to read where it is. Arrow's own ``to_numpy`` imports
    pandas, which takes longer than most chains."""
    return np.from_dlpack(values)


def earning(paths: Any, *, conversions: NDArray[np.int64], amounts: dict[str, NDArray[np.int64]]) -> Journeys:
    """The journeys that earned anything: rules credit nothing of the others, so that these need not be read."""
    whole = paths.combine_chunks() if hasattr(paths, "chunks") else paths
    earns = np.logical_or.reduce([values != 0 for values in (conversions, *amounts.values())])
    chosen = conversions[earns]
    return encoded(
        whole.take(np.flatnonzero(earns)),
        conversions=chosen,
        nulls=np.zeros_like(chosen),
        amounts={name: values[earns] for name, values in amounts.items()},
    )


def column(values: Any, name: str, *, rows: int) -> NDArray[np.int64]:
    """A column of whole numbers, Arrow or NumPy.

    Raises:
        ValueError: it is not as long as the paths, or a number is missing or no whole one.
    """
    found = np.asarray(values)
    if len(found) != rows:
        raise ValueError(f"{rows} paths and {len(found)} {name}: give one for each path")
    if found.dtype.kind not in "iu":
        raise ValueError(f"{name} are {found.dtype}: give whole numbers, none missing")
    return found.astype(np.int64, copy=False)


def micros(values: Any, name: str, *, rows: int) -> NDArray[np.int64]:
    """A column of amounts, Arrow or NumPy, in whole micros.

    Raises:
        ValueError: it is not as long as the paths, or an amount is missing or too large for 64 bits of micros.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    given = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    is_floating = pa.types.is_floating(given.type)
    if given.null_count or (is_floating and not pc.all(pc.is_finite(given)).as_py()):
        raise ValueError(f"{name} lacks an amount: a journey that earned nothing has 0")
    if is_floating:
        rounded = np.rint(given.to_numpy() * 1e6)
        if np.abs(rounded).max(initial=0.0) >= 2**63:
            raise ValueError(f"{name}: an amount is too large")
        return column(rounded.astype(np.int64), name, rows=rows)
    exact = pc.multiply(given.cast(pa.decimal128(24, 6)), pa.scalar(1_000_000, pa.decimal128(7, 0)))
    return column(exact.cast(pa.int64()).to_numpy(), name, rows=rows)
