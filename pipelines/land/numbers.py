"""Numbers as exports print them, read under a decimal mark that the whole file has settled."""

from __future__ import annotations

from typing import Literal

from pipelines.schema import MONEY

DecimalMark = Literal[".", ","]

_SUFFIXES = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


def _pattern(mark: DecimalMark) -> str:
    """What a number looks like: groups of three, an optional fraction, an optional K, M or B."""
    groups = "[, ''’]" if mark == "." else "[. ''’]"
    fraction = r"(\.\d+)?" if mark == "." else r"(,\d+)?"
    return rf"[+\-−]?(\d+|[1-9]\d{{0,2}}({groups}\d{{3}})+){fraction}\s?[KkMmBb]?"


def bare_sql(text: str) -> str:
    """SQL for a number's text with one kind of space and without currency symbols."""
    spaced = rf"regexp_replace({text}, '[\s\x{{00a0}}\x{{202f}}\x{{2007}}]+', ' ', 'g')"
    plain = f"translate({text}, '0123456789.-', '') = ''"  # most cells: no need to look closer
    return rf"case when {plain} then {text} else regexp_replace({spaced}, '^\p{{Sc}} ?| ?\p{{Sc}}$', '', 'g') end"


def number_sql(bare: str, mark: DecimalMark, *, scientific: bool = False) -> str:
    """SQL for the decimal that a bare text (the name of a column) stands for; NULL where it is none.

    Wider decimals than ``MONEY`` would be read a hundred times slower.

    ``scientific`` also takes the small exponents in which spreadsheets keep fractions (``1e-05``).
    """
    separators = "[, ''’]" if mark == "." else "[. ''’]"
    digits = f"replace(regexp_replace({bare}, '{separators}|[KkMmBb]$', '', 'g'), '−', '-')"
    if mark == ",":
        digits = f"replace({digits}, ',', '.')"
    factor = " ".join(f"when '{letter}' then {factor}" for letter, factor in _SUFFIXES.items())
    plain = f"try_cast(try_cast({digits} as {MONEY}) * case lower(right({bare}, 1)) {factor} else 1 end as {MONEY})"
    exponent = (
        rf" when regexp_full_match({bare}, '-?\d+(\.\d+)?[eE]-\d+') then try_cast({bare} as {MONEY})"
        if scientific
        else ""
    )
    simple = "'', '-', '.', '-.'" if mark == "." else "'', '-'"
    quick = f"when translate({bare}, '0123456789', '') in ({simple}) then try_cast({bare} as {MONEY})"
    return f"case {quick} when regexp_full_match({bare}, '{_pattern(mark)}') then {plain}{exponent} end"
