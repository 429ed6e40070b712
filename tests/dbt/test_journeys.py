"""Hand-worked journeys: every model, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipelines.settings import RULE_MODELS
from tests.dbt.given import Warehouse, read_cases

JOURNEYS = read_cases("journeys")


@pytest.mark.parametrize("model", RULE_MODELS)
@pytest.mark.parametrize("case", JOURNEYS, ids=lambda case: case["name"])
def test_a_journey_gives_the_credit_worked_out_by_hand(built: Warehouse, case: dict[str, Any], model: str) -> None:
    orders = ", ".join(f"'{order}'" for order in case["orders"])
    found = built.rows(
        f"""select conversion_id, coalesce(touch_id, '-'), credit, revenue_credited
        from published.fct_attributed_revenue
        where model = '{model}' and conversion_id in ({orders}) order by all"""
    )
    expected = [
        (order, touch, Decimal(credit), Decimal(revenue))
        for order, touches in case["expected"][model].items()
        for touch, (credit, revenue) in touches.items()
    ]
    assert found == sorted(expected)


def test_every_rule_model_is_worked_out_in_every_journey() -> None:
    assert {case["name"] for case in JOURNEYS if set(case["expected"]) != set(RULE_MODELS)} == set()


def test_a_conversion_without_a_touch_is_in_the_channel_none(built: Warehouse) -> None:
    found = built.rows(
        """select distinct channel, network, action_key from published.fct_attributed_revenue
        where conversion_id in ('F', 'G')"""
    )
    assert found == [("(none)", None, None)]


def test_paths_count_conversions_and_those_who_never_converted(built: Warehouse) -> None:
    found = {
        tuple(path): rest
        for path, *rest in built.rows(
            """select path, conversions, revenue, non_conversions from published.fct_journeys
            where list_contains(path, 'social') or path = []"""
        )
    }
    assert found["social", "email", "search"] == [3, Decimal("90.000001"), 0]
    assert found["social", "social", "email", "social"] == [1, Decimal(80), 0]
    assert found["social",] == [4, Decimal(60), 1], "C, D, E and H1 converted; F's touch led to nothing"
    conversions = built.rows("select count(*), sum(revenue) from published.fct_conversions")
    assert built.rows("select sum(conversions), sum(revenue) from published.fct_journeys") == conversions


def test_channel_credit_adds_up_to_all_conversions_in_every_kind_of_period(built: Warehouse) -> None:
    wrong = built.rows(
        """select model, period_kind, sum(conversions_credited), sum(revenue_credited)
        from published.fct_channel_credit group by model, period_kind
        having sum(conversions_credited) <> (select count(*) from published.fct_conversions)
            or sum(revenue_credited) <> (select sum(revenue) from published.fct_conversions)"""
    )
    assert wrong == []
    assert len(built.rows("select distinct model, period_kind from published.fct_channel_credit")) == 18
