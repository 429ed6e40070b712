"""Lift tests out of the warehouse: with a stated result, or one worked out of their geographies."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.incrementality.evidence import LiftTest
from pipelines.incrementality.geo import GeoPanel, geo_effect
from pipelines.incrementality.weeks import by_day, with_closed_days
from pipelines.warehouse import MARTS

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

_TESTS = f"select * from {MARTS}.mart_experiments order by experiment_id"
_GEO = f"""
    select metric_date, geo, geo_group, revenue from {MARTS}.mart_geo_sales
    where experiment_id = $test order by metric_date, geo
"""


def records(connection: Connection, sql: str, **given: Any) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    cursor = connection.execute(sql, given)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def lift_tests(connection: Connection) -> tuple[tuple[LiftTest, ...], dict[str, list[str]]]:
    """The lift tests with a result, stated or worked out of their geographies, and why others have none."""
    tests, notes = [], defaultdict(list)
    for row in records(connection, _TESTS):
        found: tuple[float, float] | str
        if not row["has_rate"]:
            found = "its currency has no exchange rate: load the European Central Bank's file"
        elif row["incremental_revenue"] is not None and row["standard_error"] is not None:
            found = (float(row["incremental_revenue"]), float(row["standard_error"]))
        else:
            found = _from_geographies(connection, row)
        if isinstance(found, str):
            notes[row["network"]].append(f"test {row['experiment_id']} is left aside: {found}")
        else:
            tests.append(
                LiftTest(row["experiment_id"], row["network"], row["start_date"], row["end_date"], *found,
                         row["campaign"], paused=row["design"] == "pause")
            )  # fmt: skip
    return tuple(tests), dict(notes)


def _from_geographies(connection: Connection, test: dict[str, Any]) -> tuple[float, float] | str:
    rows, _ = with_closed_days(by_day(records(connection, _GEO, test=test["experiment_id"])))
    if not rows:
        return "it has neither a result nor geo_sales"
    if any(row["revenue"] is None for row in rows):
        return "its geo_sales are in a currency without an exchange rate"
    rows.sort(key=lambda row: (row["metric_date"], row["geo"]))
    days, geos = sorted({row["metric_date"] for row in rows}), sorted({row["geo"] for row in rows})
    if len(rows) != len(days) * len(geos) or (days[-1] - days[0]).days + 1 != len(days):
        return "its geo_sales lack days of some geography: add them, with 0 where nothing was sold"
    sales = np.array([float(row["revenue"]) for row in rows]).reshape(len(days), len(geos))
    treated = {row["geo"] for row in rows if row["geo_group"] == "treatment"}
    panel = GeoPanel(np.array(days, "datetime64[D]"), sales, np.array([geo in treated for geo in geos]))
    switched_off = test["direction"] == "switched_off"
    effect = geo_effect(panel, start=test["start_date"], end=test["end_date"], switched_off=switched_off)
    return effect if isinstance(effect, str) else (effect.effect, effect.standard_error)
