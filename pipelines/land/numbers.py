"""Numbers as exports print them, read under a decimal mark that the whole file has settled."""

from __future__ import annotations

from typing import Literal

DecimalMark = Literal[".", ","]

_SUFFIXES = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


def _pattern(mark: DecimalMark) -> str:
    """What a number looks like: groups of three, an optional fraction, an optional K, M or B."""
    groups = "[, ''’]" if mark == "." else "[. ''’]"
    fraction = r"(\.\d+)?" if mark == "." else r"(,\d+)?"
    return rf"[+\-−]?(\d+|[1-9]\d{{0,2}}({groups}\d{{3}})+){fraction}\s?[KkMmBb]?"


def number_sql(text: str, mark: DecimalMark, *, scientific: bool = False) -> str:
    """SQL for the decimal that ``text`` (an SQL expression, trimmed, not empty) stands for; NULL where it is none.

    ``scientific`` also takes the small exponents in which spreadsheets keep fractions (``1e-05``).
    """
    spaced = rf"regexp_replace({text}, '[\s\x{{00a0}}\x{{202f}}\x{{2007}}]+', ' ', 'g')"
    bare = rf"regexp_replace({spaced}, '^\p{{Sc}} ?| ?\p{{Sc}}$', '', 'g')"
    separators = "[, ''’]" if mark == "." else "[. ''’]"
    digits = f"regexp_replace(regexp_replace({bare}, '{separators}|[KkMmBb]$', '', 'g'), '−', '-')"
    if mark == ",":
        digits = f"replace({digits}, ',', '.')"
    factor = " ".join(f"when '{letter}' then {factor}" for letter, factor in _SUFFIXES.items())
    scale = f"case lower(right({bare}, 1)) {factor} else 1 end"
    plain = f"try_cast({digits} as decimal(28,8)) * {scale}"
    exponent = (
        rf" when regexp_full_match({bare}, '-?\d+(\.\d+)?[eE]-\d+') then try_cast({bare} as decimal(28,8))"
        if scientific
        else ""
    )
    return f"case when regexp_full_match({bare}, '{_pattern(mark)}') then {plain}{exponent} end"


def count_sql(text: str, mark: DecimalMark) -> str:
    """SQL for a whole number; a fraction is no count and gives NULL (``1938.0`` is whole)."""
    number = number_sql(text, mark)
    return f"case when {number} = floor({number}) then cast({number} as bigint) end"
