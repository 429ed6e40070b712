"""Text that was UTF-8, was read as Latin-1 or Windows-1252, and was written out again: ``dÃ©pensÃ©``.

It is mended only where that is certain: the whole file, encoded back, is valid UTF-8 from end to end. One letter with
an accent that stands for itself makes it invalid; then nothing is touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.land.readers.grid import Row, Sheet

_HIGH = "".join(bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xA0))
_PAIR = re.compile(f"[\u00c2-\u00f4][\u0080-\u00bf{re.escape(_HIGH)}]")
_BACK = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in
         (0x81, 0x8D, 0x8F, 0x90, 0x9D)}  # fmt: skip
NOTE = "the text was garbled (UTF-8 read as Latin-1, as in 'Ã©' for 'é') and is mended in the whole file"


def _once(text: str) -> str:
    """The text encoded back; raises ``UnicodeError`` where that is no UTF-8."""
    return text.translate(_BACK).encode("latin-1").decode("utf-8")


def _rounds(text: str) -> int:
    """How often a text was garbled, as far as that is certain: some files went through it twice."""
    for rounds in range(2):
        if text.isascii() or not _PAIR.search(text):
            return rounds
        try:
            text = _once(text)
        except UnicodeError:
            return rounds
    return 2


def mend(text: str) -> str | None:
    """The text as it was meant; None where it is not certain that it was garbled."""
    rounds = _rounds(text)
    for _ in range(rounds):
        text = _once(text)
    return text if rounds else None


def mend_sheets(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets of one file with their text mended, and a note of it; as they are where it is not certain."""
    parts = [cell for sheet in sheets for row in sheet.rows for cell in row.cells if not cell.isascii()]
    rounds = _rounds("\n".join(parts))

    def mended(text: str) -> str:
        for _ in range(0 if text.isascii() else rounds):
            text = _once(text)
        return text

    if not rounds:
        return list(sheets)
    return [
        replace(
            sheet,
            rows=tuple(Row(row.number, tuple(map(mended, row.cells)), row.end) for row in sheet.rows),
            notes=(*sheet.notes, NOTE),
        )
        for sheet in sheets
    ]


def may_be_garbled(text: str) -> bool:
    """Whether a part of a text holds a pair of letters as garbled ones do: then the whole must be looked at."""
    return not text.isascii() and bool(_PAIR.search(text))
