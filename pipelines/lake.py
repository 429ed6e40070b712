"""The lake: where readings lie, and the receipt of each: what a file is, what was taken from it, what was not and why.

``receipts/`` holds one JSON for each landed path and content, ``readings/<reading_id>/`` the rows as Parquet: the
original text with what became of each row, and the canonical rows of each raw table. Neither is ever changed in place.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.settings import Home


def receipts_folder(home: Home) -> Path:
    """Where the receipts of the current readings lie, one for each landed path and content."""
    return home.lake / "receipts"


def readings_folder(home: Home) -> Path:
    """Where the rows of each reading lie, one folder each, never changed once there."""
    return home.lake / "readings"


KEPT = ("loaded", "ignored")
"""The statuses whose readings have rows in the lake."""

RANK = {"loaded": 0, "ignored": 1, "needs_answer": 2, "refused": 3, "duplicate": 4}
"""Which of several readings of the same bytes is believed: the lowest."""


@dataclass(frozen=True)
class FileTotal:
    """One metric's total in one part; ``total`` is None for counts of people and levels."""

    part: str
    metric: str
    native_name: str
    total: Decimal | None
    rows_with_value: int


@dataclass(frozen=True)
class QuarantinedRow:
    """A refused row: ``row_number`` is the line (or spreadsheet row) it starts on."""

    part: str
    row_number: int
    reason: str
    column_name: str | None
    value_excerpt: str | None


@dataclass(frozen=True)
class Part:
    """One table of a file. Rows read = loaded + quarantined + ignored."""

    name: str
    layout: str
    grain: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_ignored: int
    ignored_reasons: dict[str, int]
    columns_unknown: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """See the module. ``status``: loaded, duplicate, needs_answer, ignored or refused, with its ``reason``.

    ``members``: the SHA-256 of each file in an archive."""

    reading_id: str
    file_sha256: str
    path: str
    spec_version: str
    status: str
    reason: str | None = None
    source: str | None = None
    format: str | None = None
    networks: tuple[str, ...] = ()
    account: str | None = None
    locale: str | None = None
    encoding: str | None = None
    grain: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    as_of: str | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_ignored: int = 0
    unknown: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    totals: tuple[FileTotal, ...] = ()
    quarantine: tuple[QuarantinedRow, ...] = ()
    members: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The receipt as plain JSON values; money stays exact, as text."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return data

    def at(self, path: str, *, status: str | None = None, reason: str | None = None) -> Receipt:
        """The same reading found under another path."""
        if status is None:
            return replace(self, path=path)
        return replace(
            self, path=path, status=status, reason=reason,
            rows_read=0, rows_loaded=0, rows_quarantined=0, rows_ignored=0, totals=(), quarantine=(),
        )  # fmt: skip


def read_receipt(path: Path) -> Receipt:
    """The receipt that a JSON file holds. What a later version noted beside is left out."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    totals = [{**t, "total": None if t["total"] is None else Decimal(t["total"])} for t in data.pop("totals")]
    nested: dict[str, Any] = {
        "parts": tuple(Part(**{**p, "columns_unknown": tuple(p["columns_unknown"])}) for p in data.pop("parts")),
        "totals": tuple(FileTotal(**t) for t in totals),
        "quarantine": tuple(QuarantinedRow(**q) for q in data.pop("quarantine")),
    }
    lists: dict[str, Any] = {name: tuple(data.pop(name)) for name in ("networks", "unknown", "warnings")}
    lists["members"] = tuple(data.pop("members", ()))
    known = {field.name for field in fields(Receipt)}
    return Receipt(**{name: value for name, value in data.items() if name in known}, **lists, **nested)
