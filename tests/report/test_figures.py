"""Numbers, days, links and foreign text are written in one way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from pipelines.report import figures


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (figures.money, Decimal("1234567.895"), "1,234,567.90"),
        (figures.money, Decimal("-3.5"), "−3.50"),
        (figures.money, Decimal(0), "0.00"),
        (figures.money, None, "—"),
        (figures.whole, 12345, "12,345"),
        (figures.whole, None, "—"),
        (figures.credit, Decimal("0.333333"), "0.3"),
        (figures.compact, 9994, "9,994"),
        (figures.compact, 12345, "12.3k"),
        (figures.compact, 50000, "50k"),
        (figures.compact, 999_499, "999k"),
        (figures.compact, 999_500, "1M"),
        (figures.compact, 4_100_000_000, "4.1bn"),
        (figures.ratio, 4.207, "4.21×"),
        (figures.ratio, None, "—"),
        (figures.percent, -0.174, "−17%"),
        (figures.percent, 12.951, "1,295%"),
        (figures.portion, 0.42, "42%"),
        (figures.portion, 0.0049, "<1%"),
        (figures.portion, 0.0, "0%"),
        (figures.portion, None, "—"),
        (figures.day, date(2026, 8, 31), "31 Aug 2026"),
        (figures.day, None, "—"),
        (figures.moment, datetime.fromisoformat("2026-09-01 04:05"), "1 Sep 2026, 04:05 UTC"),
    ],
)
def test_formats(write, value, text):
    assert write(value) == text


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://social.example/p/1", "https://social.example/p/1"),
        (" http://social.example/p/1 ", "http://social.example/p/1"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://social.example/%0aalert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,<script>alert(1)</script>", None),
        ("file:///etc/passwd", None),
        ("//social.example/p/1", None),
        ("https://", None),
        ("https://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_pages_become_links(address, link):
    assert figures.web_link(address) == link


def test_foreign_text_loses_marks_that_hide_or_reorder():
    assert figures.clean("a\u202egpj.exe\u0000\u200b b\n\tc") == "agpj.exe b\n\tc"


def test_lists_and_shortening():
    assert figures.listing([]) == ""
    assert figures.listing(["A"]) == "A"
    assert figures.listing(["A", "B", "C"]) == "A, B and C"
    assert figures.listing(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"
    assert figures.shorten("abcdef", 4) == "abc…"
    assert figures.shorten("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("grain", "name"), [("week", "1 Jul 2026"), ("month", "Jul 2026"), ("quarter", "Q3 2026"), ("year", "2026")]
)
def test_period_names(grain, name):
    assert figures.period_name(date(2026, 7, 1), grain) == name
