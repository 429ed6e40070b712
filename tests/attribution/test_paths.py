"""Journeys of one's own: plain lists in, credit out."""

from __future__ import annotations

import doctest
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.attribution import paths
from pipelines.attribution.paths import credit_paths, credit_table
from tests.attribution import reference

CHANNELS = ("a", "b", "c", "d", "e", "f", "g", "h", " > ", "")


def distinct_journeys(count: int) -> list[reference.Walked]:
    """Distinct paths of channels that differ in how often they convert, about a third of the journeys lost."""
    chance = random.Random(7)
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    while len(found) < count:
        path = tuple(chance.choices(CHANNELS, weights=range(1, len(CHANNELS) + 1), k=chance.randint(1, 9)))
        found.setdefault(path, (chance.randint(0, 3), chance.randint(0, 2)))
    return [(path, *counts) for path, counts in found.items()]


def test_ten_thousand_distinct_journeys_agree_with_removing_one_channel_at_a_time_in_fractions() -> None:
    journeys = distinct_journeys(10_000)
    walked, conversions, nulls = zip(*journeys, strict=True)
    found = credit_paths(walked, conversions, nulls=nulls, revenue=[3 * each for each in conversions])
    effects = reference.removal_effects(journeys)
    whole = sum(effects.values())
    assert set(found) == set(CHANNELS)
    for channel, effect in effects.items():
        share = sum(conversions) * effect / whole
        assert abs(Fraction(found[channel].removal_effect or 0) - effect) < Fraction(1, 10**12)
        assert abs(Fraction(found[channel].conversions) - share) < Fraction(1, 10**6)
        assert abs(Fraction(found[channel].revenue or 0) - 3 * share) < Fraction(1, 10**5)
    assert sum(each.conversions for each in found.values()) == sum(conversions)
    assert sum(each.revenue or 0 for each in found.values()) == 3 * sum(conversions)


@pytest.mark.parametrize("model", get_args(paths.Model))
@settings(max_examples=60, deadline=None)
@given(
    journeys=st.lists(
        st.tuples(
            st.lists(st.sampled_from(CHANNELS[:4] + CHANNELS[-2:]), max_size=6),
            st.integers(0, 4),
            st.integers(0, 4),
            st.integers(-(10**15), 10**15),
        ),
        min_size=1,
        max_size=10,
    ),
    seed=st.randoms(use_true_random=False),
)
def test_any_journeys_in_any_order_are_credited_to_the_last_micro(
    model: paths.Model, journeys: list[tuple[list[str], int, int, int]], seed: random.Random
) -> None:
    journeys = [
        (path, conversions, nulls, micros if conversions else 0) for path, conversions, nulls, micros in journeys
    ]

    def credited(rows: list[tuple[list[str], int, int, int]]) -> dict[str, paths.ChannelCredit]:
        walked, conversions, nulls, micros = zip(*rows, strict=True)
        revenue = [Decimal(amount).scaleb(-6) for amount in micros]
        return credit_paths(walked, conversions, nulls=nulls, revenue=revenue, model=model)

    found = credited(journeys)
    assert sum(each.conversions for each in found.values()) == sum(conversions for _, conversions, *_ in journeys)
    assert sum(each.revenue or 0 for each in found.values()) == Decimal(sum(row[-1] for row in journeys)).scaleb(-6)
    assert min((each.conversions for each in found.values()), default=0) >= 0
    turned = journeys[:]
    seed.shuffle(turned)
    assert credited(turned) == found


def test_the_public_example_under_the_game_and_what_nobody_touched() -> None:
    found = credit_paths(
        [["direct"], ["search", "email"], ["search", "social", "email"], []],
        [2, 3, 5, 4],
        revenue=["2", "3", "5", "-4.000001"],
        model="shapley",
    )
    assert {name: (each.conversions, each.revenue, each.removal_effect) for name, each in found.items()} == {
        "(none)": (4, Decimal("-4.000001"), None),
        "direct": (2, 2, None),
        "email": (Decimal("3.166666667"), Decimal("3.166667"), None),
        "search": (Decimal("3.166666667"), Decimal("3.166667"), None),
        "social": (Decimal("1.666666666"), Decimal("1.666666"), None),
    }


PUBLIC: dict[paths.Model, dict[str, str]] = {
    "first_touch": {"direct": "2", "email": "0", "search": "8", "social": "0"},
    "last_touch": {"direct": "2", "email": "8", "search": "0", "social": "0"},
    "last_non_direct": {"direct": "2", "email": "8", "search": "0", "social": "0"},
    "linear": {"direct": "2", "email": "3.166666667", "search": "3.166666667", "social": "1.666666666"},
    "position_based": {"direct": "2", "email": "3.5", "search": "3.5", "social": "1"},
}


@pytest.mark.parametrize("model", PUBLIC)
def test_the_public_example_under_the_rules(model: paths.Model) -> None:
    found = credit_paths([["direct"], ["search", "email"], ["search", "social", "email"]], [2, 3, 5], model=model)
    assert {name: each.conversions for name, each in found.items()} == {
        name: Decimal(conversions) for name, conversions in PUBLIC[model].items()
    }


def _shares(model: str, path: list[str]) -> list[Fraction]:
    """What each touch of a path gets, one rule and one touch at a time."""
    size = len(path)
    if model == "linear":
        return [Fraction(1, size)] * size
    if model == "position_based":
        ends = {1: [Fraction(1)], 2: [Fraction(1, 2)] * 2}
        inner = [Fraction(1, 5 * max(1, size - 2))] * (size - 2)
        return ends.get(size, [Fraction(2, 5), *inner, Fraction(2, 5)])
    signed = [place for place, channel in enumerate(path) if channel != "direct"] or [size - 1]
    chosen = {"first_touch": 0, "last_touch": size - 1, "last_non_direct": signed[-1]}[model]
    return [Fraction(place == chosen) for place in range(size)]


@pytest.mark.parametrize("model", PUBLIC)
def test_a_thousand_paths_under_a_rule_are_what_one_touch_at_a_time_adds_up_to(model: paths.Model) -> None:
    chance = random.Random(11)
    walked = [chance.choices(("direct", "a", "b", "c"), k=chance.randint(1, 8)) for _ in range(1000)]
    conversions = [chance.randint(0, 3) for _ in walked]
    expected = dict.fromkeys(("direct", "a", "b", "c"), Fraction(0))
    for path, count in zip(walked, conversions, strict=True):
        for channel, share in zip(path, _shares(model, path), strict=True):
            expected[channel] += count * share
    found = credit_paths(walked, conversions, model=model)
    for channel, credit in expected.items():
        assert abs(Fraction(found[channel].conversions) - credit) < Fraction(1, 10**9)


def test_a_model_that_paths_alone_cannot_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="time_decay is no model of paths; these are: markov, shapley"):
        credit_paths([["a"]], [1], model="time_decay")  # type: ignore[arg-type]


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 paths and 1 nulls"):
        credit_paths([["a"], ["b"]], [1, 1], nulls=[0])


def test_an_amount_that_money_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.0000001 has more than six decimals: round it first"):
        credit_paths([["a"]], [1], revenue=[1.0000001])


def test_the_example_of_the_docstring_holds() -> None:
    assert doctest.testmod(paths).attempted > 0
    assert doctest.testmod(paths).failed == 0


def test_a_table_is_credited_as_its_rows_are_rule_by_rule() -> None:
    dice = random.Random(3)
    walked = [dice.choices(("a", "b", "direct", " > "), k=dice.choice((0, 1, 1, 2, 3, 5))) for _ in range(300)]
    counts = [dice.choice((0, 0, 1, 3)) for _ in walked]
    revenue = [Decimal(dice.randint(-(10**9), 10**15)).scaleb(-6) if count else Decimal(0) for count in counts]
    columns = pa.chunked_array([pa.array(walked[:100], pa.list_(pa.string())), pa.array(walked[100:])])
    found = credit_table(columns, pa.array(counts), revenue=pa.array(revenue, pa.decimal128(18, 6)))
    assert list(found) == list(get_args(paths.Rule))
    for model in get_args(paths.Rule):
        assert found[model] == credit_paths(walked, counts, revenue=revenue, model=model)
    floats = credit_table(columns, np.array(counts), revenue=np.array([2.35 * count for count in counts]))
    assert sum(each.revenue or 0 for each in floats["linear"].values()) == Decimal("2.35") * sum(counts)


@pytest.mark.parametrize(
    ("path", "count", "revenue", "said"),
    [
        ([["a"], None], [1, 1], None, "missing"),
        ([["a"], ["b", None]], [1, 1], None, "missing"),
        ([["a"]], [1, 1], None, "1 paths and 2 conversions"),
        ([["a"]], [1.5], None, "whole numbers"),
        ([["a"]], [1], [float("nan")], "lacks an amount"),
        ([["a"]], [1], [None], "lacks an amount"),
        ([["a"]], [1], [1e300], "too large"),
    ],
)
def test_a_table_that_lacks_something_is_refused(path: list[Any], count: list[Any], revenue: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        credit_table(
            pa.array(path, pa.list_(pa.string())), pa.array(count),
            revenue=None if revenue is None else pa.array(revenue, pa.float64()),
        )  # fmt: skip
