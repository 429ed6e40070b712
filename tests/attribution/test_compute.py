"""Journeys in, credit out: periods, grains, amounts and conversions without a touch."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.attribution import compute
from pipelines.settings import Home, Markov, Settings
from pipelines.warehouse import open_warehouse

TABLE = """create table marts.mart_journeys_monthly (grain varchar, path varchar, month_start date, conversions hugeint,
    revenue decimal(18, 6), net_revenue decimal(18, 6), non_conversions hugeint)"""
JOURNEYS: list[tuple[Any, ...]] = [
    ("channel", ["direct"], "2026-01-01", 2, "20", "20", 0),
    ("channel", ["search", "email"], "2026-01-01", 3, "0.000001", None, 0),
    ("channel", ["search", "social", "email"], "2026-02-01", 5, "-7", "-8", 0),
    ("channel", [], "2026-02-01", 4, "40", "40", 0),
    ("channel", ["(none)"], "2026-02-01", 1, "1", "1", 0),
    ("channel", ["a > b", ""], "2026-07-01", 1, None, None, 3),
    ("channel", ["lost"], "2026-08-01", 0, None, None, 9),
    ("channel", ["social"] * 1000, "2026-07-01", 1, None, None, 0),
    ("action", ['["social","x","x:1"]', '["social"]'], "2026-07-01", 2, "5", "5", 0),
]


def computed(tmp_path: Path, settings: Settings, journeys: list[tuple[Any, ...]]) -> Home:
    home = Home(tmp_path)
    with open_warehouse(home) as connection:
        connection.execute("create schema marts")
        connection.execute(TABLE)
        for grain, path, *rest in journeys:
            connection.execute(
                "insert into marts.mart_journeys_monthly values (?, ?, ?, ?, ?, ?, ?)", [grain, json.dumps(path), *rest]
            )
    compute(home, settings)
    return home


def rows(home: Home, query: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_period_adds_up_to_the_last_micro_under_every_model(tmp_path: Path) -> None:
    home = computed(tmp_path, Settings(), JOURNEYS)
    found = rows(
        home,
        """select distinct period_kind, period_start, sum(conversions_credited) over w, sum(revenue_credited) over w,
            sum(net_revenue_credited) over w
        from attribution.credits window w as (partition by model, period_kind, period_start) order by all""",
    )
    assert found == [
        ("all", None, 17, Decimal("54.000001"), 53),
        ("month", date(2026, 1, 1), 5, Decimal("20.000001"), 20),
        ("month", date(2026, 2, 1), 10, 34, 33),
        ("month", date(2026, 7, 1), 2, None, None),
        ("month", date(2026, 8, 1), 0, None, None),
        ("quarter", date(2026, 1, 1), 15, Decimal("54.000001"), 53),
        ("quarter", date(2026, 7, 1), 2, None, None),
    ]


def test_a_channel_called_none_and_conversions_without_a_touch_share_a_row(tmp_path: Path) -> None:
    home = computed(tmp_path, Settings(), JOURNEYS)
    assert rows(
        home,
        """select model, conversions_credited, revenue_credited from attribution.credits
        where state = '(none)' and period_kind = 'month' and model = 'shapley'""",
    ) == [("shapley", 5, 41)]
    assert rows(home, "select count(*) from attribution.credits where state = 'a > b' and period_kind = 'all'") == [
        (2,)
    ]


def test_a_finer_grain_is_computed_where_asked_for(tmp_path: Path) -> None:
    settings = Settings(markov=Markov(grains=("action",), path_grain="action", path_period="all", order=2))
    home = computed(tmp_path, settings, JOURNEYS)
    assert rows(home, "select state, weight, period_start from attribution.weights order by all") == [
        ('["social","x","x:1"]', 10**12, None),
        ('["social"]', 10**12, None),
    ]
    assert rows(
        home,
        """select state, conversions_credited, revenue_credited, removal_effect from attribution.credits
        where grain = 'action' and model = 'markov' and period_kind = 'all' order by all""",
    ) == [('["social","x","x:1"]', 1, Decimal("2.5"), 1.0), ('["social"]', 1, Decimal("2.5"), 1.0)]
    assert rows(home, "select distinct chain_order from attribution.chains") == [(2,)]


@pytest.mark.parametrize("models", [("linear",), ("linear", "shapley"), ("linear", "markov_path")])
def test_only_what_is_asked_for_is_computed(tmp_path: Path, models: tuple[str, ...]) -> None:
    home = computed(tmp_path, Settings(models=models), JOURNEYS)
    assert {model for (model,) in rows(home, "select distinct model from attribution.credits")} == {*models} & {
        "shapley"
    }
    assert bool(rows(home, "from attribution.weights")) == ("markov_path" in models)


def test_without_journeys_there_is_nothing_and_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    home = computed(tmp_path, Settings(), [])
    assert rows(home, "from attribution.credits") == []
    with open_warehouse(home) as connection:
        connection.execute(
            """insert into marts.mart_journeys_monthly values ('channel', '["a"]', '2026-01-01', 1, 5, 5, 1)"""
        )
    for _ in range(2):
        compute(home, Settings())
        assert len(rows(home, "from attribution.credits")) == 6
