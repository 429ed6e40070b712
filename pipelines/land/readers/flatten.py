"""Records (nested dictionaries, of JSON or of Parquet) as rows: every leaf under its dotted path.

``a.b.c`` for what is nested; a list of scalars is joined by commas; of a list of records there is their number, as
``path.count``; a list of pairs (``key`` or ``label``, and ``value``) becomes a column for each key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.grid import Row, Sheet, cell_text

MAX_DEPTH = 30
MAX_COLUMNS = 5000
_PAIR_KEYS = ("key", "label")
_TYPED_VALUES = ("string_value", "int_value", "float_value", "double_value")

Record = Mapping[str, Any]


def flatten(record: Record) -> dict[str, str]:
    """One record as texts by path; a leaf without value is left out."""
    found: dict[str, str] = {}
    for name, value in record.items():
        _put(found, str(name), value, 1)
    return found


def _put(found: dict[str, str], path: str, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableFileError(f"{path.split('.')[0]!r} is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _put(found, f"{path}.{name}", inner, depth + 1)
    elif isinstance(value, list | tuple):
        _put_list(found, path, value, depth)
    elif value is not None:
        found[path] = cell_text(value)


def _put_list(found: dict[str, str], path: str, items: Sequence[Any], depth: int) -> None:
    if items and not any(isinstance(item, Mapping | list | tuple) for item in items):
        found[path] = ", ".join(map(cell_text, items))
        return
    pairs = [pair for item in items if (pair := _pair(item))]
    if items and len(pairs) == len(items) == len({key for key, _ in pairs}):
        for key, value in pairs:
            _put(found, f"{path}.{key}", value, depth + 1)
        return
    found[f"{path}.count"] = str(len(items))


def _pair(item: Any) -> tuple[str, Any] | None:
    """The key of a pair and its value; of a value in one of several types, the one that is there."""
    if not isinstance(item, Mapping) or "value" not in item:
        return None
    name = next((item[key] for key in _PAIR_KEYS if isinstance(item.get(key), str) and item[key]), None)
    value = item["value"]
    if isinstance(value, Mapping) and any(kind in value for kind in _TYPED_VALUES):
        value = next((value[kind] for kind in _TYPED_VALUES if value.get(kind) is not None), None)
    return (name, value) if name else None


def records_sheet(records: Iterable[tuple[int, Record | None]], *, name: str, encoding: str, where: str) -> Sheet:
    """Numbered records as a sheet whose header is the union of their paths, in the order of appearance. A line that
    is no record (None) has one cell more than the header, and is refused for it.

    Raises:
        UnreadableFileError: more columns than any table has: then its keys are data.
    """
    places: dict[str, int] = {}
    flat: list[tuple[int, dict[str, str] | None]] = []
    for number, record in records:
        texts = None if record is None else flatten(record)
        for path in texts or ():
            places.setdefault(path, len(places))
        if len(places) > MAX_COLUMNS:
            raise UnreadableFileError(f"its records have more than {MAX_COLUMNS} different keys", where=where)
        flat.append((number, texts))
    header = tuple(places)
    rows = [Row(flat[0][0] - 1, header, flat[0][0] - 1)] if flat and header else []
    for number, texts in flat:
        if texts is None:
            rows.append(Row(number, (*("" for _ in header), "no JSON record"), number))
        elif any(map(str.strip, texts.values())):
            rows.append(Row(number, tuple(texts.get(path, "") for path in header), number))
    return Sheet(name, encoding, tuple(rows))
