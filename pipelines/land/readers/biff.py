"""The error cells of a binary workbook of 1997, read off its records ([MS-XLS] 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress

from pipelines.land.readers.xlsx_errors import Errors

_TEXTS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_EOF, _FILEPASS, _BOUNDSHEET, _BOOLERR, _FORMULA = 0x000A, 0x002F, 0x0085, 0x0205, 0x0006
_END_OF_CHAIN = 0xFFFFFFFA
"""Sector numbers from here on are no sectors."""


_BROKEN = (struct.error, IndexError, ValueError)
"""What walking a damaged file may raise: then calamine will say what is wrong with it."""


def is_locked(data: bytes) -> bool:
    """Whether its records are encrypted with a password."""
    with suppress(*_BROKEN):
        return any(kind == _FILEPASS for kind, _ in _records(_workbook_stream(data), 0))
    return False


def error_cells(data: bytes) -> Errors:
    """Find them; none where the file is damaged."""
    found: Errors = {}
    with suppress(*_BROKEN):
        stream = _workbook_stream(data)
        for title, start in list(_sheets(stream)):
            errors = dict(_errors(stream, start))
            if errors:
                found[title] = errors
    return found


def _workbook_stream(data: bytes) -> bytes:
    """The workbook's stream out of its compound file ([MS-CFB] 2.2)."""
    (shift,) = struct.unpack_from("<H", data, 30)
    size = 1 << shift
    directory, _, cutoff = struct.unpack_from("<3I", data, 48)
    heads = [number for number in struct.unpack_from("<109I", data, 76) if number < _END_OF_CHAIN]
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _END_OF_CHAIN and len(heads) < len(data) // size:
        *numbers, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        heads += [number for number in numbers if number < _END_OF_CHAIN]
    table = [n for head in heads for n in struct.unpack_from(f"<{size // 4}I", data, (head + 1) * size)]

    def chain(number: int) -> bytes:
        parts = list[bytes]()
        while number < _END_OF_CHAIN and len(parts) <= len(table):
            parts.append(data[(number + 1) * size : (number + 2) * size])
            number = table[number]
        return b"".join(parts)

    entries = chain(directory)
    for place in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, place + 64)[0]
        title = entries[place : place + max(0, length - 2)].decode("utf-16-le")
        start, total = struct.unpack_from("<II", entries, place + 116)
        if title in ("Workbook", "Book") and total >= cutoff:
            return chain(start)[:total]
    return b""


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, to its end."""
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        if kind == _EOF:
            return
        place += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Titles of the sheets and where their records start."""
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET:
            start, _, length, wide = struct.unpack_from("<IHBB", body)
            yield body[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide & 1 else "latin-1"), start


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, body in _records(stream, start):
        if kind == _BOOLERR and body[7]:
            yield struct.unpack_from("<HH", body), _TEXTS.get(body[6], "#ERROR!")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            yield struct.unpack_from("<HH", body), _TEXTS.get(body[8], "#ERROR!")
