"""Archives that keep one record in each file: the files of a folder that hold like records are one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pipelines.errors import UnreadableFileError
from pipelines.land.readers.flatten import records_sheet
from pipelines.land.readers.grid import Readings
from pipelines.land.readers.jsons import document_of, list_sheets
from pipelines.land.readers.mojibake import mend_sheets

if TYPE_CHECKING:
    from pipelines.land.readers.members import Member

_LARGEST = 4 * 1024**2
"""A file that holds one record is not larger."""
Document = tuple[str, dict[str, Any], date | None]


def gather(members: Sequence[Member]) -> tuple[list[tuple[str, Readings]], list[Member]]:
    """Take the JSON files of each folder that hold like records together.

    Returns:
        The folders with their readings (the lists inside the files first, then the files as records, as for one
        file), and the members that stay by themselves.
    """
    folders: dict[str, list[Member]] = {}
    for member in members:
        if member.path.lower().endswith(".json") and 0 < member.size <= _LARGEST:
            folders.setdefault(str(PurePosixPath(member.path).parent), []).append(member)
    groups, taken = [], set[str]()
    for folder, files in folders.items():
        if len(files) < 2:
            continue
        documents = list(_alike(files))
        if len(documents) > 1:
            taken |= {path for path, *_ in documents}
            groups.append((folder, _readings(folder, documents)))
    return groups, [member for member in members if member.path not in taken]


def _alike(files: Sequence[Member]) -> Iterator[Document]:
    """The files that hold one object whose keys are, for the most part, those of the first such."""
    known: set[str] = set()
    for file in files:
        try:
            document = document_of(file.content(), name=file.path)
        except UnreadableFileError:
            continue  # it stays by itself, and says so when it is read
        if not isinstance(document, dict):
            continue
        keys = set(document)
        shared = len(keys & known)
        if not known or (shared >= 2 and shared * 2 >= min(len(keys), len(known))):
            known = known or keys
            yield file.path, document, file.stamped


def _readings(folder: str, documents: Sequence[Document]) -> Readings:
    inner = [
        replace(sheet, name=f"{path}/{sheet.name}", stamped=stamped)
        for path, document, stamped in documents
        for sheet in list_sheets(document, encoding="json", name=path)
    ]
    if inner:
        yield mend_sheets(inner)
    numbered = ((number, document) for number, (_, document, _) in enumerate(documents, start=2))
    sheet = records_sheet(numbered, name=folder, encoding="json", where=folder)
    stamps = [stamped for *_, stamped in documents if stamped]
    yield mend_sheets([replace(sheet, stamped=max(stamps, default=None))])
