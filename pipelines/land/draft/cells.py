"""What a column holds, guessed from its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.land.words import fold, words
from pipelines.spec import FieldType

FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y")
_TIME = re.compile(
    r"[T,]?\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_WHOLE = re.compile(r"[+\-]?\d{1,3}([, .'’\u00a0\u202f]\d{3})+|[+\-]?\d+(\.0)?")
_DECIMAL = re.compile(r"[+\-]?(\d+|\d{1,3}([, .'’\u00a0\u202f]\d{3})+)[.,]\d+")
_CLOCK = re.compile(r"\d{1,3}:\d{2}(:\d{2})?")
_URL = re.compile(r"https?://\S+")
_SYMBOLS = "€$£¥₹ "


@dataclass(frozen=True)
class Guess:
    """What a column seems to hold.

    Attributes:
        type: the field type, or ``rate`` for shares of a whole, which are never loaded.
        formats: of dates: every way to read all of them.
        is_key: no value stands twice and none is missing.
        doubt: what is unsure about the type; None where nothing is.
    """

    type: FieldType | str
    formats: tuple[str, ...] = ()
    has_offset: bool = False
    is_key: bool = False
    doubt: str | None = None


def guess(header: str, cells: Sequence[str]) -> Guess:
    """Guess from all filled cells; text where they do not agree on anything narrower."""
    missing = words().missing
    filled = [cell.strip() for cell in cells if cell.strip() and fold(cell) not in missing]
    if not filled:
        return Guess("text", doubt="every cell is empty")
    is_key = len(set(filled)) == len(filled) == len(cells)
    if dated := _dates(filled):
        formats, has_time, has_offset = dated
        doubt = f"reads as {' and as '.join(formats)}" if len(formats) > 1 else None
        return Guess("timestamp" if has_time else "date", formats, has_offset, is_key, doubt)
    return _plain(header, filled, is_key=is_key)


def _plain(header: str, filled: list[str], *, is_key: bool) -> Guess:
    """What is no date."""

    def every(pattern: re.Pattern[str]) -> bool:
        return all(pattern.fullmatch(cell) for cell in filled)

    bare = [cell.strip(_SYMBOLS) for cell in filled]
    if every(_URL):
        return Guess("url", is_key=is_key)
    if all(cell.endswith("%") for cell in filled):
        return Guess("rate")
    if all(re.fullmatch(r"\d{6,}", cell) for cell in filled) and (is_key or "id" in fold(header).split()):
        return Guess("id", is_key=is_key)
    if all(_WHOLE.fullmatch(cell) for cell in bare) and bare == filled:
        return Guess("count", is_key=is_key)
    if all(_WHOLE.fullmatch(cell) or _DECIMAL.fullmatch(cell) for cell in bare):
        return Guess("amount")
    if every(_CLOCK):
        return Guess("duration")
    if every(re.compile("[A-Z]{3}")) and len(set(filled)) <= 3:
        return Guess("currency")
    if "id" in fold(header).split() and is_key and not any(" " in cell for cell in filled):
        return Guess("id", is_key=is_key)
    numbers = sum(1 for cell in bare if _WHOLE.fullmatch(cell) or _DECIMAL.fullmatch(cell))
    mixed = f"{numbers} of {len(filled)} cells are numbers" if numbers * 2 > len(filled) else None
    return Guess("text", is_key=is_key, doubt=mixed)


def _dates(filled: Sequence[str]) -> tuple[tuple[str, ...], bool, bool] | None:
    """The formats that read every cell, whether there are times, and whether these carry an offset."""
    times = [_TIME.search(cell) for cell in filled]
    days = [cell[: found.start()].strip() if found else cell for cell, found in zip(filled, times, strict=True)]
    formats = tuple(each for each in FORMATS if all(_reads(day, each) for day in days))
    if not formats and all(_is_named(day) for day in days):
        formats = ("named",)
    offsets = [found for found in times if found and found.group("offset")]
    return (formats, any(times), len(offsets) == len(filled)) if formats else None


def _reads(day: str, form: str) -> bool:
    try:
        return 1990 <= datetime.strptime(day, form).year <= 2100  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return False


def _is_named(day: str) -> bool:
    named = any(fold(word) in words().months for word in re.findall(r"[^\W\d]+", day))
    return named and bool(re.search(r"\b(19|20)\d{2}\b", day))
