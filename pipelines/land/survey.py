"""The bytes of a large text on their way to the parser, looked over as they pass: what might be read in two ways is
left to the reader of rows."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from pipelines.land.readers.mojibake import may_be_garbled

CHUNK = 4 * 1024 * 1024
"""How much of a text is split at a time; no row is longer."""
_TAIL = 64
END = "\x03end of the text\x03"
"""A line put after the last: where it does not come out as one, the text ends inside a quoted cell."""


class Survey:
    """UTF-8 bytes as a file that a parser reads.

    Attributes:
        is_sound: whether all that has passed is UTF-8 that was never garbled, without zero bytes, each line ended as
            the others are read to end.
        ends_whole: whether the last line has an end.
        is_utf8: whether all that has passed is.
    """

    def __init__(self, chunks: Iterable[bytes], unreadable: tuple[type[Exception], ...] = ()) -> None:
        self._unreadable = unreadable
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._ready = b""
        self._last = b""
        self._is_at_end = False
        self._first = b""
        self.is_utf8 = True
        self.is_sound, self.ends_whole, self.closed = True, True, False

    def readable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Nothing more is asked for."""
        self.closed = True

    def read(self, size: int = CHUNK) -> bytes:
        """The next bytes, at most ``size``: never between a carriage return and its line feed, which the parser, where
        it begins with a line feed, takes for one line end with what came before. None where a look has found a fault:
        the text seems to end there."""
        while len(self._ready) < 2 and not self._is_at_end:
            try:
                chunk = next(self._chunks, None)
            except self._unreadable:
                chunk, self.is_sound, self._is_at_end = b"", False, True
            self._ready += self._looked_over(chunk) if chunk is not None else self._ending()
        part = self._ready[:size]
        if part.endswith(b"\r") and len(part) > 1:
            part = part[:-1]
        self._ready = self._ready[len(part) :]
        return part

    @property
    def is_quoted(self) -> bool:
        """Whether it begins and ends with a quote."""
        return self._first == b'"' and self._last.rstrip(b"\r\n").endswith(b'"')

    def _ending(self) -> bytes:
        self._is_at_end = True
        self.is_sound = self.is_sound and self._is_text(b"", is_last=True) and not self._last.endswith(b"\r")
        self.ends_whole = self._last.endswith(b"\n")
        return (b"" if self.ends_whole else b"\n") + END.encode() + b"\n"

    def _looked_over(self, chunk: bytes) -> bytes:
        returns = chunk.count(b"\r")
        ends = chunk.count(b"\r\n") + chunk.endswith(b"\r") if returns else 0
        is_split = self._last.endswith(b"\r") and not chunk.startswith(b"\n")
        if returns != ends or is_split or b"\x00" in chunk or not self._is_text(chunk, is_last=False):
            self.is_sound, self._is_at_end = False, True
            return b""
        self._first = self._first or chunk.lstrip(b"\r\n")[:1]
        self._last = (self._last + chunk[-_TAIL:])[-_TAIL:]
        return chunk

    def _is_text(self, chunk: bytes, *, is_last: bool) -> bool:
        """Whether a part of a text is UTF-8 and was never anything else."""
        if chunk.isascii() and not is_last and not self._decoder.getstate()[0]:
            return True
        try:
            text = self._decoder.decode(chunk, is_last)
        except UnicodeDecodeError:
            self.is_utf8 = False
            return False
        return not may_be_garbled(text)
