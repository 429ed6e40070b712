"""From night to night: closed months stay what they were said to be, and it is told where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import numpy as np
import pytest

from pipelines.incrementality import Estimate, Evidence, Panel, estimate
from pipelines.incrementality.step import _moved, _row
from pipelines.own_tables import INCREMENTALITY_TABLES
from pipelines.warehouse import INCREMENTALITY, replace_rows
from tests.incrementality.companies import panel


def _until(company: Panel, days: int) -> Panel:
    by_day = {name: getattr(company, name)[:days] for name in ("dates", "revenue", "activity", "spend", "controls")}
    return replace(company, **by_day)


@pytest.fixture(scope="module")
def nights() -> list[tuple[Estimate, ...]]:
    """Estimates of two nights, the second of which knows one day more."""
    company, _ = panel(3, days=401)
    return [estimate(Evidence(_until(company, days))) for days in (400, 401)]


def test_a_day_more_moves_closed_months_by_little(nights: list[tuple[Estimate, ...]]) -> None:
    before, after = (
        {(each.network, each.period_start): each.incremental_revenue for each in night if each.period_kind == "month"}
        for night in nights
    )
    closed = [key for key in before if key[1] < date(2025, 2, 1)]
    moves = [abs((after[key] or 0) / (before[key] or 1) - 1) for key in closed]
    assert len(moves) == 3 * 13
    assert np.median(moves) <= 0.02


def test_what_has_moved_is_measured_on_closed_months_alone(nights: list[tuple[Estimate, ...]]) -> None:
    connection = duckdb.connect()
    connection.execute(f"create schema {INCREMENTALITY}")
    columns = ", ".join(f"{each.name} {each.sql_type}" for each in INCREMENTALITY_TABLES["estimates"])
    connection.execute(f"create table {INCREMENTALITY}.estimates ({columns})")
    assert _moved(connection, nights[0]) is None
    replace_rows(connection, INCREMENTALITY, {"estimates": [_row(each) for each in nights[0]]})
    assert _moved(connection, nights[0]) == 0
    doubled = tuple(replace(each, incremental_revenue=2 * (each.incremental_revenue or 0)) for each in nights[1])
    assert 0 < (_moved(connection, nights[1]) or 0) <= 0.02
    assert _moved(connection, doubled) == pytest.approx(1, abs=0.1)
    open_month = tuple(each for each in doubled if each.period_start == date(2025, 2, 1))
    assert _moved(connection, open_month) is None
