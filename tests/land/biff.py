"""Binary workbooks of 1997, made by hand: no writer of them is at hand."""

from __future__ import annotations

import struct
from collections.abc import Sequence

ERRORS = {"#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#N/A": 42}


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str) and value in ERRORS:
        return _record(0x0205, place + bytes([ERRORS[value], 1]))
    if isinstance(value, int | float):
        return _record(0x0203, place + struct.pack("<d", value))
    return _record(0x0204, place + _text(str(value)))


def legacy_workbook(rows: Sequence[Sequence[object]], *, title: str = "Posts", password: bool = False) -> bytes:
    """An .xls of one sheet; with ``password`` its records are marked as encrypted."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6))
    locked = _record(0x002F, struct.pack("<H", 1) + bytes(52)) if password else b""
    name = struct.pack("<BB", len(title), 0) + title.encode("latin-1")
    start = len(bof) + len(locked) + 4 + 6 + len(name) + 4
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet += _cell(number, place, value)
    stream = bof + locked + _record(0x0085, struct.pack("<IH", start, 0) + name) + _record(0x000A)
    return _compound(stream + sheet + _record(0x000A))


def _compound(stream: bytes) -> bytes:
    """A compound file that holds one stream, large enough to lie in ordinary sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    assert count + 2 <= 128, "one sector of the allocation table"
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    header += struct.pack("<108I", *[0xFFFFFFFF] * 108)

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        encoded = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            encoded.ljust(64, b"\0")
            + struct.pack("<HBB", len(encoded), kind, 1)
            + links
            + bytes(36)
            + struct.pack("<IQ", first, size)
        )

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *table) + folder + stream
