"""JSON in every wrapping: a document, one record a line, or a document given to a JavaScript variable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.flatten import MAX_DEPTH, records_sheet
from pipelines.land.readers.grid import Readings, Row, Sheet, cell_text

_SCRIPT = re.compile(r"\s*(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$]*(?:\.[\w$]+|\[[\"'\w]+\])*\s*=\s*(?=[\[{])")
_STARTS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_EMPTY: tuple[Any, ...] = (None, [], {})
_DAMAGED = "Export it again; a part of it that is whole may be landed by itself"


def is_json(text: str) -> bool:
    """Whether a text begins as JSON does, or as a script that holds JSON."""
    return bool(_STARTS.match(text)) or bool(_SCRIPT.match(text[:500]) and _STARTS.match(text, _script_end(text)))


def _script_end(text: str) -> int:
    found = _SCRIPT.match(text)
    return found.end() if found else 0


def read_json(text: str, *, encoding: str, name: str) -> Readings:
    """The readings of a document: first every list of records in it as a sheet of its own, then the document as one
    record. Of one record a line there is one reading.

    Raises:
        UnreadableFileError: no valid JSON, or a key occurs twice in one object with different values.
    """
    label = f"json ({encoding})"
    body = text[_script_end(text) :].strip().removesuffix(";") if _SCRIPT.match(text[:500]) else text
    first, _, rest = body.lstrip().partition("\n")
    if first.startswith("{") and first.rstrip().endswith("}") and rest.strip() and _is_whole(first):
        yield [_lines_sheet(body, encoding=f"jsonl ({encoding})", name=name)]
        return
    document = _parse(body, name=name)
    sheets = list_sheets(document, encoding=label, name=name)
    if sheets:
        yield sheets
    if isinstance(document, dict):
        yield [records_sheet([(2, document)], name="", encoding=label, where=name)]
    elif not sheets:
        raise UnreadableFileError("the JSON holds no record", where=name, remedy="Export it again")


def list_sheets(document: Any, *, encoding: str, name: str) -> list[Sheet]:
    """Every list of records in a document as a sheet, named by its path."""
    return [_sheet(items, path, encoding, name) for path, items in _lists(document, ())]


def document_of(data: bytes, *, name: str) -> Any:
    """The JSON document that a file holds.

    Raises:
        UnreadableFileError: it holds none.
    """
    try:
        return _parse(data.decode("utf-8-sig"), name=name)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("no UTF-8", where=name) from error


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The lists of records (or of lists) that stand in a document, outside any other list."""
    if isinstance(value, list):
        filled = [item for item in value if item is not None]
        if filled and (all(isinstance(i, dict) for i in filled) or all(isinstance(i, list) for i in filled)):
            yield path, value
    elif isinstance(value, dict) and len(path) < MAX_DEPTH:
        for key, inner in value.items():
            yield from _lists(inner, (*path, str(key)))


def _sheet(items: list[Any], path: tuple[str, ...], encoding: str, name: str) -> Sheet:
    title = ".".join(path)
    if any(isinstance(item, list) for item in items):
        grid = ((n, tuple(map(cell_text, item or ()))) for n, item in enumerate(items, start=1))
        return Sheet(title, encoding, tuple(Row(n, cells, n) for n, cells in grid if any(map(str.strip, cells))))
    numbered = ((n, item) for n, item in enumerate(items, start=2) if item is not None)
    return records_sheet(numbered, name=title, encoding=encoding, where=name)


def _lines_sheet(body: str, *, encoding: str, name: str) -> Sheet:
    """One record a line; the header stands before the first. A last line that is damaged is where the file ends."""
    records: list[tuple[int, dict[str, Any] | None]] = []
    for number, line in enumerate(body.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = _parse(line.strip().removesuffix(","), name=name)
        except UnreadableFileError:
            value = None
        records.append((number, value if isinstance(value, dict) else None))
    return records_sheet(records, name="", encoding=encoding, where=name)


def _is_whole(line: str) -> bool:
    try:
        _parse(line, name="")
    except UnreadableFileError:
        return False
    return True


def _plain(number: str) -> str:
    """A number as digits: ``1.5E3`` is 1500. What would grow beyond measure stays as it is, and is refused later."""
    value = Decimal(number)
    exponent = value.as_tuple().exponent
    return format(value, "f") if isinstance(exponent, int) and abs(exponent) < 40 else number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of these pairs. A key may stand twice where one of its values is empty, as Mastodon's list of posts
    does: the other is meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        found = {}
        for key, value in pairs:
            if found.get(key) in _EMPTY:
                found[key] = value
            elif value not in _EMPTY and found[key] != value:
                raise ValueError(f"the key {key!r} occurs twice in one object, with different values")
    return found


def _parse(text: str, *, name: str) -> Any:
    try:
        return json.loads(text, parse_float=_plain, parse_int=str, object_pairs_hook=_object)
    except RecursionError as error:
        raise UnreadableFileError("the JSON is nested beyond measure", where=name) from error
    except json.JSONDecodeError as error:
        what = f"the JSON is damaged: line {error.lineno}, column {error.colno}: {error.msg}"
        raise UnreadableFileError(what, where=name, remedy=_DAMAGED) from error
    except ValueError as error:
        raise UnreadableFileError(f"the JSON is damaged: {error}", where=name, remedy=_DAMAGED) from error
