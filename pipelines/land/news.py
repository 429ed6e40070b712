"""Columns that no specification knows: each is kept, and told of once, however many files bring it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from pipelines.lake import Receipt
from pipelines.settings import Home
from pipelines.spec import load_specs


@dataclass(frozen=True)
class NewColumn:
    """A column that came for the first time, and the file that it came in."""

    source: str
    layout: str
    column: str
    path: str

    def __str__(self) -> str:
        return f"{self.path}: {self.column!r} is new to {self.layout}: kept in the lake, not used, told of once"


def tell_new_columns(home: Home, receipts: Iterable[Receipt]) -> list[NewColumn]:
    """The new columns of these files that were not told of before; ``state/new_columns/<source>.json`` remembers them.

    Sources land side by side, each in one process, so each has a book of its own.
    """
    by_source: dict[str, list[NewColumn]] = {}
    for found in _unknown(receipts):
        by_source.setdefault(found.source, []).append(found)
    news = []
    for source, columns in by_source.items():
        book = home.state / "new_columns" / f"{source}.json"
        told = json.loads(book.read_text(encoding="utf-8")) if book.exists() else []
        known = {(entry["layout"], entry["column"]) for entry in told}
        first = {(each.layout, each.column): each for each in reversed(columns)}
        fresh = [each for key, each in first.items() if key not in known]
        if fresh:
            book.parent.mkdir(parents=True, exist_ok=True)
            temporary = book.with_suffix(".tmp")
            entries = json.dumps([*told, *map(asdict, fresh)], ensure_ascii=False, indent=1)
            temporary.write_text(entries, encoding="utf-8")
            temporary.replace(book)
            news += sorted(fresh, key=str)
    return news


def _unknown(receipts: Iterable[Receipt]) -> Iterator[NewColumn]:
    """The unknown columns of tables that are loaded and do not take in whatever is there."""
    takes_all = {layout.layout for spec in load_specs().values() for layout in spec.layouts if layout.collect_rest}
    for receipt in receipts:
        for part in receipt.parts if receipt.source else ():
            if part.layout not in takes_all and part.rows_loaded + part.rows_quarantined:
                for name in part.columns_unknown:
                    yield NewColumn(str(receipt.source), part.layout, name, receipt.path)
