"""From bytes to sheets of text cells: the container, the encoding and the dialect, each read off the content."""

from __future__ import annotations

from pipelines.land.readers.grid import Readings, Row, Sheet
from pipelines.land.readers.members import member_digests, read_members
from pipelines.land.readers.text import DELIMITERS, decode

__all__ = ["DELIMITERS", "Readings", "Row", "Sheet", "decode", "member_digests", "read_members"]
