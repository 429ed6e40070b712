"""Text as people and programs really write it: folding of names, the languages' words as data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pipelines.errors import SpecError
from pipelines.yaml_text import read_yaml

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff↑↓]")
_INNER_DOT = re.compile(r"(?<=\w)\.+(?=\w)")
_LETTER = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2007_]+")
_SLASH = re.compile(" ?/ ?")
LONGEST_NAME = 80


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Fold a header or label so that spellings of one name meet.

    Soft hyphens, zero-width marks and the arrows of a sorted column go, every kind of space (and the underscore that
    re-saving tools put in its place, and the dots that R does) becomes one, none stands beside a slash, other dots go
    (``vs.`` and ``vs``), apostrophes are straight, letter case goes. Accents stay: they tell words apart.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("’", "'")
    spaced = _SPACES.sub(" ", _INNER_DOT.sub(" ", text).replace(".", "")).strip().casefold()
    return _SLASH.sub("/", spaced) if "/" in spaced else spaced


def garbled(folded: str, names: Iterable[str]) -> list[str]:
    """The names that a header cell may be of which a program wrote ``?`` for each letter that its encoding lacks, as
    Excel does in a CSV of Windows; none where less than half of its letters are left."""
    lost = folded.count("?")
    if not lost or len(folded) > LONGEST_NAME or len(_LETTER.findall(folded)) < lost:
        return []
    pattern = re.compile(".{1,2}".join(map(re.escape, folded.split("?"))))
    return [name for name in names if pattern.fullmatch(name)]


@dataclass(frozen=True)
class Words:
    """What ``locales.yml`` holds, ready for use."""

    months: dict[str, int]
    totals: frozenset[str]
    counted_totals: re.Pattern[str]
    all_days: frozenset[str]
    averages: frozenset[str]
    missing: frozenset[str]
    personal: re.Pattern[str]
    capped_notes: re.Pattern[str]
    other_notes: re.Pattern[str]

    def is_total(self, cell: str) -> bool:
        if len(cell) >= 40 or cell[0].isdigit():
            return False
        return fold(cell) in self.totals or bool(self.counted_totals.match(fold(cell)))

    def is_total_of_days(self, cell: str) -> bool:
        return self.is_total(cell) or fold(cell) in self.all_days

    def note_kind(self, cell: str) -> str | None:
        """``capped`` or ``note`` for a known note of a network, else None."""
        folded = fold(cell)
        if self.capped_notes.search(folded):
            return "capped"
        return "note" if self.other_notes.search(folded) else None


@cache
def words() -> Words:
    """The words of every known language.

    Raises:
        SpecError: one name stands for two months.
    """
    path = Path(__file__).parents[1] / "locales.yml"
    data = read_yaml(path.read_text(encoding="utf-8"))
    months: dict[str, int] = {}
    for number, names in data["months"].items():
        for name in names:
            for spelling in (fold(name), name.lower()):  # folding splits letters such as the Greek iota with two marks
                if months.setdefault(spelling, number) != number:
                    raise SpecError(f"months: {name!r} stands for two months", where=path.name)
    return Words(
        months=months,
        counted_totals=re.compile("|".join(data["counted_totals"])),
        totals=frozenset(fold(word) for word in data["totals"]),
        all_days=frozenset(fold(word) for word in data["all_days"]),
        averages=frozenset(fold(word) for word in data["averages"]),
        missing=frozenset(data["missing"]),
        personal=re.compile("|".join(data["personal"])),
        capped_notes=re.compile("|".join(data["notes"]["capped"])),
        other_notes=re.compile("|".join(data["notes"]["other"])),
    )
