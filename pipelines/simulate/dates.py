"""Dates as the networks print them in English, whatever the machine's locale."""

from __future__ import annotations

from datetime import date, datetime

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def month_day(day: date) -> str:
    """``March 5``: without a year, as TikTok Studio prints it."""
    return f"{_MONTHS[day.month - 1]} {day.day}"


def short_date(day: date) -> str:
    """``Mar 5, 2026``."""
    return f"{_MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def weekday_date(day: date) -> str:
    """``Thu, Mar 5, 2026``."""
    return f"{_WEEKDAYS[day.weekday()]}, {short_date(day)}"


def file_date(day: date) -> str:
    """``Mar-05-2026``."""
    return f"{_MONTHS[day.month - 1][:3]}-{day.day:02d}-{day.year}"


def american(day: date) -> str:
    """``3/5/2026``."""
    return f"{day.month}/{day.day}/{day.year}"


def american_padded(day: date) -> str:
    """``03/05/2026``."""
    return f"{day.month:02d}/{day.day:02d}/{day.year}"


def clock(moment: datetime) -> str:
    """``18:04``."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def duration(seconds: float) -> str:
    """``0:04:34``."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
