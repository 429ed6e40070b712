"""Days that a spreadsheet wrote into plain text as the numbers it keeps them by: 45292 is 1 January 2024."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from pipelines.land.dates import date_sql
from pipelines.land.fields import ISO, text_sql
from pipelines.land.work import Work

if TYPE_CHECKING:
    import duckdb

_SERIAL = re.compile(r"(3[89]|4\d)\d{3}(\.\d+)?")
"""Days from 2004 to 2036."""


def find_serials(connection: duckdb.DuckDBPyConnection, work: Work, period: tuple[date | None, date | None]) -> None:
    """Note in ``work.serials`` the columns of days that hold nothing but such numbers, within the period that the file
    can speak of; a number among dates that are written out is none."""
    for name, spec in work.fields.items():
        place = work.columns.get(name)
        if spec.type not in ("date", "timestamp") or place is None:
            continue
        text = text_sql(f"c{place}", spec)
        first = connection.execute(f"select {text} from {work.name} where {text} is not null limit 1").fetchone()
        if not first or not _SERIAL.fullmatch(first[0]):
            continue
        is_serial = f"regexp_full_match(t, '{_SERIAL.pattern}')"
        row = connection.execute(
            f"""select count(t), count(t) filter ({is_serial}), min(d), max(d)
            from (select {text} as t, {date_sql(text, ISO, serial=True)} as d from {work.name})"""
        ).fetchone()
        if not row or row[0] != row[1]:
            continue
        start, end = (None, None) if spec.ahead else period
        if (not start or start <= row[2]) and (not end or row[3] <= end):
            work.serials.add(name)


def has_serials(work: Work) -> bool:
    """Whether a number may be a day in a table."""
    return work.table.sheet.serial_dates or bool(work.serials)


def serial_notes(works: Iterable[Work]) -> list[str]:
    """What the owner should know of days that were read off numbers."""
    return [
        f"{work.native_name(name)!r} holds days as a spreadsheet's numbers: they are counted from 1900, as Excel does"
        for work in works
        for name in sorted(work.serials)
    ]
