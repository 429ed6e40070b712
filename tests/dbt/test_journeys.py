"""Hand-worked journeys: every model, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pipelines.credit_models import RULE_MODELS
from pipelines.settings import Settings
from tests.attribution import reference
from tests.dbt.given import Warehouse, read_cases

JOURNEYS = read_cases("journeys")
STAGE_MODELS = {"w_shaped", "full_path"}


@pytest.mark.parametrize("model", RULE_MODELS)
@pytest.mark.parametrize("case", JOURNEYS, ids=lambda case: case["name"])
def test_a_journey_gives_the_credit_worked_out_by_hand(built: Warehouse, case: dict[str, Any], model: str) -> None:
    expected = expected_of(case, model)
    found = built.rows(
        f"""select conversion_id, coalesce(touch_id, '-'), credit, revenue_credited, net_revenue_credited
        from published.fct_attributed_revenue
        where model = '{model}' and conversion_id in ({", ".join(f"'{order}'" for order in expected)}) order by all"""
    )
    assert found == sorted(
        (order, touch, Decimal(credit), Decimal(revenue), Decimal(net[0] if net else revenue))
        for order, touches in expected.items()
        for touch, (credit, revenue, *net) in touches.items()
    )


def expected_of(case: dict[str, Any], model: str) -> dict[str, dict[str, list[str]]]:
    """What a model must give; orders have no stages, so that models of stages divide them by position."""
    of_stages = model in STAGE_MODELS and model not in case["expected"]
    expected: dict[str, dict[str, list[str]]] = case["expected"]["position_based" if of_stages else model]
    return expected


def test_every_rule_model_is_worked_out_in_every_journey() -> None:
    assert {case["name"] for case in JOURNEYS if not set(RULE_MODELS) - STAGE_MODELS <= set(case["expected"])} == set()


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
    assert found["social", "email", "search"] == [4, Decimal("190.000001"), 0]
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
    assert len(built.rows("select distinct model, period_kind from published.fct_channel_credit")) == 3 * len(
        Settings().models
    )


def test_chains_and_games_say_what_the_published_journeys_say(built: Warehouse) -> None:
    journeys = built.rows("select path, conversions, non_conversions from published.fct_journeys")
    walked = [(tuple(path), conversions, nulls) for path, conversions, nulls in journeys]
    effects = reference.removal_effects(walked)
    total = sum(conversions for path, conversions, _ in walked if path)
    found = {
        (model, channel): (conversions, effect)
        for model, channel, conversions, effect in built.rows(
            """select model, channel, conversions_credited, removal_effect from published.fct_channel_credit
            where period_kind = 'all' and model in ('markov', 'shapley') and channel <> '(none)'"""
        )
    }
    assert {channel for _, channel in found} == set(effects)
    for channel, effect in effects.items():
        conversions, removal = found["markov", channel]
        assert removal == pytest.approx(float(effect), abs=1e-12)
        assert float(conversions) == pytest.approx(float(total * effect / sum(effects.values())), abs=2e-6)
        value = sum(Fraction(c, len(set(path))) for path, c, _ in walked if channel in path)
        assert abs(Fraction(found["shapley", channel][0]) - value) < Fraction(1, 10**6)
    untouched = sum(conversions for path, conversions, _ in walked if not path)
    assert untouched > 0
    assert built.rows(
        """select distinct conversions_credited from published.fct_channel_credit
        where period_kind = 'all' and channel = '(none)'"""
    ) == [(untouched,)]


def test_markov_path_divides_by_the_effects_of_the_quarter(built: Warehouse) -> None:
    effects = dict(
        built.rows(
            """select channel, removal_effect from published.fct_channel_credit
            where model = 'markov' and period_kind = 'quarter' and period_start = '2026-01-01'"""
        )
    )
    found = built.rows(
        """select touch_id, channel, credit from published.fct_attributed_revenue
        where model = 'markov_path' and conversion_id = 'A'"""
    )
    total = sum(effects[channel] for _, channel, _ in found)
    assert {touch: float(credit) for touch, _, credit in found} == pytest.approx(
        {touch: effects[channel] / total for touch, channel, _ in found}, abs=2e-6
    )
