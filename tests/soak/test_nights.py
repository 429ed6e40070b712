"""A short version of ``make soak-nights``: three nights, four ways to the same data, one publication.

It takes minutes, since each of its eight runs builds the whole project; thirty nights are for ``make soak-nights``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.soak.nights import write_nights
from tests.soak.ways import differences, four_ways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

MET = {
    "a corrected figure": "select count(*) from published.meta_reconciliation",
    "exports of touches that overlap": """
        select count(*) from published.meta_loads as one join published.meta_loads as other
        on one.source = 'touchpoints' and other.source = 'touchpoints' and one.period_start < other.period_start
    """,
    "money of another currency": "select count(*) from published.fct_conversions where original_currency = 'USD'",
    "a refund": "select count(*) from published.fct_conversions where refunded > 0",
}
"""What has to have been met for the comparison to mean something, as published."""


def test_every_way_to_the_same_nights_publishes_the_same(tmp_path: Path) -> None:
    nights = write_nights(tmp_path / "exports", nights=3, seed=1, scale=0.2, end=date(2026, 9, 10))
    found = four_ways(tmp_path, nights, seed=1, publishes_each=False, workers=2)
    assert differences(found) == []
    with duckdb.connect(str(tmp_path / "nightly" / "published" / "roi.duckdb"), read_only=True) as connection:
        met = {what: connection.execute(query).fetchall()[0][0] for what, query in MET.items()}
    assert [what for what, count in met.items() if not count] == []
