"""A network is late by its own rhythm: the usual days between its exports."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest

from pipelines.rhythm import USUAL_GAPS, is_late

TODAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("behind", "gap", "status", "late"),
    [
        (8, 7.0, "active", False),
        (9, 7.0, "active", True),
        (2, 1.0, "active", False),
        (3, 1.0, "active", True),
        (400, None, "active", None),
        (4000, 1.0, "retired", False),
    ],
)
def test_an_export_is_late_after_the_usual_gap_and_a_day(
    behind: int, gap: float | None, status: str, late: bool | None
) -> None:
    assert is_late(TODAY - timedelta(days=behind), today=TODAY, usual_gap_days=gap, status=status) is late


def test_the_usual_gap_is_that_between_exports_with_metrics() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema published;
            create table published.meta_loads as
            select 'w' || i as file_sha256, 'weekly' as networks, 'loaded' as status,
                date '2026-08-02' + to_days(7 * i::int) as period_end from range(4) as r (i)
            union all select 'd' || i, 'daily,weekly', 'loaded', date '2026-08-23' + to_days(i::int)
            from range(1) as r (i)
            union all select 'e' || i, 'daily', 'loaded', date '2026-08-24' + to_days(i::int) from range(3) as r (i)
            union all select 't' || i, 'weekly', 'loaded', date '2026-08-04' + to_days(i::int) from range(9) as r (i)
            union all select 'r', 'weekly', 'refused', date '2026-08-25'
            union all select 'o', 'once', 'loaded', date '2026-08-25';
            create table published.meta_file_totals as
            select file_sha256, if(file_sha256 like 't%', 'touches', 'impressions') as metric from published.meta_loads
        """)
        assert sorted(connection.execute(USUAL_GAPS).fetchall()) == [("daily", 1.0), ("weekly", 7.0)]
