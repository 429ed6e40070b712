"""What the cells of a block of a large text say, looked at all at once rather than one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.land.body import Counts
from pipelines.land.readers import DELIMITERS

_SHORT = 12
"""A whole number of so many characters is one in every type."""
Flags = npt.NDArray[np.bool_]


def _bytes(column: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where the cells of a column start and end among its bytes, and these."""
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return places, np.frombuffer(data or b"", np.uint8)


def holds(column: Any, byte: bytes) -> bool:
    """Whether any cell of a column holds this byte."""
    places, data = _bytes(column)
    return len(places) > 0 and byte in data[places[0] : places[-1]].tobytes()


def breaks(columns: Sequence[Any]) -> Counts:
    """How many line breaks are inside the cells of each row."""
    from pyarrow.compute import count_substring

    found = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        if holds(column, b"\n"):
            found += count_substring(column, "\n").to_numpy()
    return found


def blank(columns: Sequence[Any], count: int) -> Flags:
    """The rows of which every cell is empty."""
    found = np.ones(count, np.bool_)
    for column in columns:
        found &= np.diff(_bytes(column)[0]) == 0 if count else found
        if not found.any():
            break
    return found


def swallowed(columns: Sequence[Any], breaks: Counts) -> list[int]:
    """The rows of which a cell of several lines may hold whole records."""
    from pyarrow.compute import count_substring

    tall = np.flatnonzero(breaks >= 2)
    if not len(tall):
        return []
    least = max(3, len(columns) - 2)
    found = np.zeros(len(tall), np.bool_)
    for column in columns:
        chosen = column.take(tall)
        for mark in DELIMITERS:
            found |= count_substring(chosen, mark).to_numpy() >= least
    return [int(place) for place in tall[found]]


def digits(column: Any) -> tuple[bool, bool, bool]:
    """Whether every cell of a column is empty or digits with at most one point; whether three digits follow one; and
    whether each is a short whole number, with or without ``.0``."""
    places, data = _bytes(column)
    text = data[places[0] : places[-1]] if len(places) else data[:0]
    if text.tobytes().translate(None, b"0123456789."):
        return False, False, False
    lengths = np.diff(places)
    is_short = len(lengths) == 0 or int(lengths.max()) <= _SHORT
    is_point = text == ord(".")
    count = int(np.count_nonzero(is_point))
    if not count:
        return True, False, is_short
    ends = places[1:][lengths >= 3]
    if count == int(((data[ends - 2] == ord(".")) & (data[ends - 1] == ord("0"))).sum()):
        return True, False, is_short  # every point stands in an `.0` of its own
    points = np.flatnonzero(is_point)
    cells = np.searchsorted(places, points + places[0], side="right") - 1
    if (np.diff(cells) == 0).any() or (lengths[cells] == 1).any():
        return False, False, False
    ends = places[1:][lengths >= 4]
    is_grouped = bool((data[ends - 4] == ord(".")).any())
    return True, is_grouped, False
