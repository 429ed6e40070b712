"""What a spreadsheet makes of a delimited file that is opened and saved again, in three locales.

Long whole numbers lose their digits, dates take the locale's form, fractions its decimal mark, and a text that the
locale reads as a date becomes one: these are the copies that people really have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?")
_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True)
class Locale:
    """How a spreadsheet of one country reads and writes."""

    name: str
    delimiter: str
    decimal: str
    thousands: str
    day_first: bool
    date: str
    yes: str
    no: str
    day_marks: str

    def reads_day(self, mark: str) -> bool:
        """Whether a text with this mark between day and month is a date here."""
        return mark in self.day_marks


LOCALES = (
    Locale("en-US", ",", ".", ",", False, "%-m/%-d/%Y", "TRUE", "FALSE", "/-"),
    Locale("de-DE", ";", ",", ".", True, "%d.%m.%Y", "WAHR", "FALSCH", "./-"),
    Locale("fr-FR", ";", ",", " ", True, "%d/%m/%Y", "VRAI", "FAUX", "/-"),
)


def saved(cell: str, locale: Locale) -> str:
    """A cell's text after it was opened and saved under a locale."""
    text = cell.strip()
    if not text:
        return cell
    number = _number(text, locale)
    if number is not None:
        return number
    moment = _moment(text, locale)
    if moment:
        return moment
    if text.casefold() in ("true", "false"):
        return locale.yes if text.casefold() == "true" else locale.no
    return cell


def _number(text: str, locale: Locale) -> str | None:
    grouped = rf"-?\d{{1,3}}(?:{re.escape(locale.thousands)}\d{{3}})+(?:{re.escape(locale.decimal)}\d+)?"
    plain = rf"-?\d+(?:{re.escape(locale.decimal)}\d+)?"
    if not re.fullmatch(f"{grouped}|{plain}", text):
        return None
    value = float(text.replace(locale.thousands, "").replace(locale.decimal, "."))
    if abs(value) >= 1e11:
        mantissa, exponent = f"{value:.5E}".split("E")
        shown = f"{mantissa.rstrip('0').rstrip('.')}E+{int(exponent)}"
    else:
        shown = f"{value:.10g}" if value != int(value) else str(int(value))
    return shown.replace(".", locale.decimal)


def _moment(text: str, locale: Locale) -> str | None:
    iso, day = _ISO.fullmatch(text), _DAY.fullmatch(text)
    if iso:
        year, month, date, *clock = iso.groups()
    elif day and locale.reads_day(day.group(2)):
        first, _, second, year, *clock = day.groups()
        date, month = (first, second) if locale.day_first else (second, first)
        year = f"20{year}" if len(year) == 2 else year
    else:
        return None
    try:
        moment = datetime(int(year), int(month), int(date), int(clock[0] or 0), int(clock[1] or 0), tzinfo=UTC)
    except ValueError:
        return None
    return moment.strftime(locale.date + (" %H:%M" if clock[0] else ""))
