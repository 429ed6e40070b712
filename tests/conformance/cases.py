"""The fixtures under ``tests/fixtures/<source>/`` and what each must become (``expected.yml``): see CONTRIBUTING.md."""

from __future__ import annotations

import datetime
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import Answer, Settings

FIXTURES = Path(__file__).parents[1] / "fixtures"
STAMP = datetime.date(2026, 3, 1)
"""The day that a zip's members carry, where a case does not say another (``stamp``)."""

KEYS = {
    "status", "format", "locale", "landing", "name", "encoding", "answers", "rows", "totals", "raw", "values", "reason",
    "stamp", "columns_unknown", "warning", "unbroken", "source", "account", "networks", "period",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One fixture and what it must become. ``entry`` is its mapping in ``expected.yml``."""

    source: str
    file: str
    entry: dict[str, Any] = field(hash=False)

    @property
    def id(self) -> str:
        return f"{self.source}/{self.entry.get('case', self.file)}"

    @property
    def folder(self) -> Path:
        return FIXTURES / self.source

    @property
    def path(self) -> str:
        """Where it lands, below ``landing/``."""
        name = self.entry.get("name", self.file.removesuffix(".yml"))
        return f"{self.entry.get('landing', self.source)}/{name}"

    @property
    def settings(self) -> Settings:
        answers = self.entry.get("answers")
        return Settings(answers=(Answer.model_validate({"files": "*", **answers}),) if answers else ())

    @property
    def status(self) -> str:
        return str(self.entry["status"])

    def built(self) -> Any:
        """What the fixture holds, before it is written as a file: text, sheets, or the members of an archive."""
        return read_built(self.folder / self.file)

    def content(self, built: Any = None) -> bytes:
        """The bytes as exported; of ``built`` where that was changed."""
        stamp = self.entry.get("stamp", STAMP)
        encoding = self.entry.get("encoding", "utf-8")
        return to_bytes(self.file, self.built() if built is None else built, encoding=encoding, stamp=stamp)


def read_built(path: Path) -> Any:
    """A fixture as it stands for editing: text, or for ``.yml`` its sheets, members or rows, nested fixtures read."""
    if path.suffix != ".yml":
        with path.open(encoding="utf-8", newline="") as handle:
            return handle.read()
    built = yaml.safe_load(path.read_text(encoding="utf-8"))
    if kind_of(path.name) not in ("zip", "gz"):
        return built
    return {
        name: {**member, "built": read_built(path.parent / member["file"])} if isinstance(member, dict) else member
        for name, member in built.items()
    }


def kind_of(file: str) -> str:
    """What is made of a fixture: ``text``, ``xlsx``, ``zip``, ``gz`` or ``parquet``."""
    return file.removesuffix(".yml").rpartition(".")[2] if file.endswith(".yml") else "text"


def to_bytes(file: str, built: Any, *, encoding: str, stamp: datetime.date) -> bytes:
    """Write a fixture as the file that it stands for."""
    kind = kind_of(file)
    if kind == "text":
        return str(built).encode(encoding)
    if kind in ("xlsx", "xls"):
        return workbook(built)
    if kind == "parquet":
        return parquet(built)
    members = {name: _member(member, encoding=encoding, stamp=stamp) for name, member in built.items()}
    if kind == "gz":
        (content,) = members.values()
        return gzip.compress(content, mtime=0)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (stamp.year, stamp.month, stamp.day, 12, 0, 0)), content)
    return sink.getvalue()


def _member(member: Any, *, encoding: str, stamp: datetime.date) -> bytes:
    if isinstance(member, dict):
        encoding = member.get("encoding", encoding)
        return to_bytes(member["file"], member["built"], encoding=encoding, stamp=stamp)
    return str(member).encode(encoding)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """An xlsx of these sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row or []))
    sink = io.BytesIO()
    book.save(sink)
    return _timeless(sink.getvalue())


def _timeless(content: bytes) -> bytes:
    """A workbook without the moment at which it was written, so that the same sheets give the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), member)
    return sink.getvalue()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    """A Parquet file of these rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


@cache
def cases() -> tuple[Case, ...]:
    """Every fixture of every source, in the order of their folders. A file may stand for several cases (a list)."""
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for expected in sorted(FIXTURES.glob("*/expected.yml")):
        source = expected.parent.name
        for file, entries in yaml.safe_load(expected.read_text(encoding="utf-8")).items():
            several = isinstance(entries, list)
            for number, entry in enumerate(entries if several else [entries], start=1):
                unknown = set(entry) - KEYS
                assert not unknown, f"{expected}: {file}: {', '.join(sorted(unknown))}: no such key"
                yield Case(source, file, {**entry, "case": f"{file}#{number}"} if several else entry)
