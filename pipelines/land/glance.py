"""What a file is, from no more of it than that takes: of a large text its first rows, of another file all of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pipelines.errors import NotReadyError, UnreadableFileError
from pipelines.land.bulk import is_large
from pipelines.land.members import recognise_members
from pipelines.land.readers import Readings, read_members
from pipelines.land.recognise import NOWHERE, Recognition
from pipelines.land.source import find_source, unpacked_size


def most_by_rows() -> int:
    """How many bytes a file may hold to be read row by row, for every row of it is then held in memory
    (``SOCIAL_ROI_ROWS_BYTES``, 128 MB)."""
    return int(os.environ.get("SOCIAL_ROI_ROWS_BYTES", 128 * 1024 * 1024))


def bytes_of(path: Path) -> bytes:
    """All of a file.

    Raises:
        NotReadyError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotReadyError(f"cannot be read: {error.strerror}", where=str(path)) from error


def members_of(path: Path, place: PurePosixPath = NOWHERE) -> list[tuple[str, Readings]]:
    """The readings of each member of a file that lies, or would lie, at ``place`` below ``landing/``: of a large text
    those of its first rows.

    Raises:
        NotReadyError: it cannot be opened.
        UnreadableFileError: nothing in it can be read, or too much would have to be held.
    """
    if is_large(path):
        source = find_source(path)
        head = source.head() if source else None
        if source and head:
            sheet, is_all = head
            sheet = replace(sheet, rows=sheet.rows if is_all else sheet.rows[:-1], cut_short=False)
            return [("", iter([[source.as_found(sheet)]]))]
        if unpacked_size(path) > most_by_rows():
            raise UnreadableFileError(
                f"it holds more than {most_by_rows() / 1e6:,.0f} MB and has to be read row by row",
                where=path.name,
                remedy="Export a shorter period, or set SOCIAL_ROI_ROWS_BYTES to more on a machine with the memory",
            )
    return read_members(bytes_of(path), name=str(place))


def recognise_file(path: Path, place: PurePosixPath = NOWHERE) -> Recognition | None:
    """The tables of a file that lies, or would lie, at ``place`` below ``landing/``; None where nothing can be read.

    Raises:
        NotReadyError: it cannot be read.
    """
    try:
        return recognise_members(members_of(path, place), place)[0]
    except UnreadableFileError:
        return None
