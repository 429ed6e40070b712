"""How numbers, days and foreign text are written: one way for each, and a dash for what is not known."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

UNKNOWN = "—"
MINUS = "−"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Number = Decimal | float | int

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def money(value: Number | None) -> str:
    """``1,234.50``: cents always shown, the currency stands in the heading."""
    return UNKNOWN if value is None else _signed(f"{value:,.2f}")


def whole(value: Number | None) -> str:
    """``1,235``: counts, and money where cents would be noise."""
    return UNKNOWN if value is None else _signed(f"{value:,.0f}")


def credit(value: Number | None) -> str:
    """``12.5``: conversions, of which a model may credit a fraction."""
    return UNKNOWN if value is None else _signed(f"{value:,.1f}")


def compact(value: Number | None) -> str:
    """``950``, ``12.3k``, ``4.1M``: labels inside pictures."""
    if value is None:
        return UNKNOWN
    size = abs(float(value))
    for limit, divisor, suffix in ((999_500_000, 1e9, "bn"), (999_500, 1e6, "M"), (9_995, 1e3, "k")):
        if size >= limit:
            scaled = float(value) / divisor
            text = f"{scaled:,.0f}" if abs(scaled) >= 99.95 else f"{scaled:,.1f}".removesuffix(".0")
            return _signed(text + suffix)
    return _signed(f"{float(value):,.0f}")


def ratio(value: float | None) -> str:
    """``4.21`` and a times sign: what one unit of cost brought."""
    return UNKNOWN if value is None else _signed(f"{value:,.2f}×")


def percent(value: float | None) -> str:
    """``321%`` from 3.21."""
    return UNKNOWN if value is None else _signed(f"{value * 100:,.0f}%")


def portion(value: float | None) -> str:
    """``42%`` of a whole; a small part is ``<1%`` and not nothing."""
    return "<1%" if value is not None and 0 < value < 0.005 else percent(value)


def share(part: Number | None, total: Number | None) -> float | None:
    """Part of a total, ``None`` where there is nothing to divide by."""
    if part is None or not total:
        return None
    return float(part) / float(total)


def day(value: date | datetime | None) -> str:
    """``31 Aug 2026``."""
    return UNKNOWN if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """``Aug 2026``."""
    return period_name(value, "month")


def moment(value: datetime | None) -> str:
    """``31 Aug 2026, 04:12 UTC``."""
    return UNKNOWN if value is None else f"{day(value)}, {value:%H:%M} UTC"


def duration(seconds: Number | None) -> str:
    """``4.2 s``, ``3 min 12 s``, ``2 h 05 min``: two units at most."""
    if seconds is None:
        return UNKNOWN
    if seconds < 10:
        return f"{float(seconds):.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(float(seconds)), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_left:02d} min" if minutes_left else f"{hours} h"
    return f"{minutes} min" + (f" {rest} s" if rest else "") if minutes else f"{rest} s"


def period_name(value: date, grain: str) -> str:
    """The name of a week, month, quarter or year by its first day."""
    if grain == "year":
        return str(value.year)
    if grain == "quarter":
        return f"Q{(value.month + 2) // 3} {value.year}"
    return f"{MONTHS[value.month - 1]} {value.year}" if grain == "month" else day(value)


def clean(text: object) -> str:
    """Foreign text without control characters, and without marks that reorder or hide text around them."""
    return _UNSAFE.sub("", str(text))


def web_link(address: str | None) -> str | None:
    """The address if a browser may open it as a page, else ``None``: no script, data or file addresses."""
    if not address:
        return None
    candidate = clean(address).strip()
    try:
        parts = urlsplit(candidate)
    except ValueError:
        return None
    return candidate if parts.scheme in ("http", "https") and parts.netloc else None


def shorten(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer than ``limit`` characters."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def listing(names: list[str], *, most: int = 3) -> str:
    """``A, B and C``, or ``A, B, C and 4 more``."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
