"""Small synthetic exports, and the ways in which people and programs damage them."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence

Rows = Sequence[Sequence[object]]

TWEETS = (
    "Tweet id", "Tweet permalink", "Tweet text", "time", "impressions", "engagements", "retweets", "replies", "likes",
)  # fmt: skip


def tweet(number: int, impressions: object = "100.0", *, text: str = "hello", day: str | None = None) -> list[object]:
    """One row of a per-Tweet export."""
    number += 1400000000000000000
    link = f"https://twitter.com/acme/status/{number}"
    return [number, link, text, f"{day or '2021-03-04'} 10:00 +0000", impressions, 5, 1, 2, 3]


def tweets(*impressions: object) -> list[list[object]]:
    """A per-Tweet export with these impressions."""
    return [list(TWEETS), *(tweet(index, value) for index, value in enumerate(impressions))]


def text(rows: Rows, *, delimiter: str = ",", end: str = "\r\n", quote_all: bool = False) -> str:
    """Rows as delimited text."""
    sink = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return sink.getvalue()


def workbook(**sheets: Rows) -> bytes:
    """An xlsx whose sheets hold these rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def zipped(*, stamp: tuple[int, int, int] = (2026, 3, 1), **members: bytes | str) -> bytes:
    """A zip; ``_csv`` and its like at the end of a name stand for the suffix."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members.items():
            stem, _, suffix = name.rpartition("_")
            archive.writestr(zipfile.ZipInfo(f"{stem}.{suffix}", (*stamp, 12, 0, 0)), content)
    return sink.getvalue()


def gzipped(content: str) -> bytes:
    """A gzip of a text."""
    return gzip.compress(content.encode(), mtime=0)


def touches(**columns: object) -> str:
    """A touchpoints template of one row, with these columns beside the required ones."""
    row = {"customer_id": "ada@example.com", "touched_at": "2026-01-05T10:00:00+01:00", **columns}
    return text([list(row), list(row.values())])


def by_day(labels: Sequence[str]) -> str:
    """A TikTok overview whose dates carry no year."""
    head = ["Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares"]
    return text([head, *([label, 10, 1, 2, 0, 0] for label in labels)], quote_all=True)


def daily_tweets(days: Sequence[str]) -> str:
    """A by-day export."""
    head = ["Date", "Tweets published", "impressions", "engagements"]
    return text([head, *([day, 1, 100, 5] for day in days)])
