"""Chains and games held against a plain second opinion, worked-out cases and what must always be true."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.attribution import inverse
from pipelines.attribution.chain import count_transitions
from pipelines.attribution.game import shapley
from pipelines.attribution.journeys import Journeys, collect
from pipelines.attribution.removal import Removal, removal_effects
from pipelines.attribution.shares import divide, settle
from tests.attribution import reference

CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))

walked = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "b", "c", "d", " > ", ""]), max_size=7).map(tuple),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


def gathered(journeys: list[reference.Walked]) -> Journeys:
    paths, conversions, nulls = zip(*journeys, strict=True)
    return collect(paths, conversions=conversions, nulls=nulls)


def removal(journeys: list[reference.Walked], order: int = 1) -> dict[str, float]:
    found = gathered(journeys)
    effects = removal_effects(count_transitions(found, order=order)).effects
    return dict(zip(found.states, effects.tolist(), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_worked_out_cases(case: dict[str, Any]) -> None:
    journeys = [(tuple(path), conversions, nulls) for path, conversions, nulls in case["journeys"]]
    found = gathered(journeys)
    for order, expected in case.get("removal", {}).items():
        effects = removal(journeys, order)
        assert effects == pytest.approx({state: float(Fraction(share)) for state, share in expected.items()}, abs=1e-14)
    if "shapley" in case:
        values = dict(zip(found.states, shapley(found, found.conversions), strict=True))
        assert values == {state: Fraction(value) for state, value in case["shapley"].items()}


@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=60, deadline=None)
@given(journeys=walked)
def test_chains_agree_with_removing_one_state_at_a_time(order: int, journeys: list[reference.Walked]) -> None:
    if any(conversions and path for path, conversions, _ in journeys):
        expected = {state: float(effect) for state, effect in reference.removal_effects(journeys, order=order).items()}
        assert removal(journeys, order) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(journeys=walked, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(journeys: list[reference.Walked], seed: Any) -> None:
    turned = journeys[:]
    seed.shuffle(turned)
    assert removal(turned) == removal(journeys)
    one, other = gathered(journeys), gathered(turned)
    assert shapley(one, one.conversions) == shapley(other, other.conversions)


@settings(max_examples=60, deadline=None)
@given(journeys=walked)
def test_a_state_in_no_converting_path_has_no_effect_and_no_effect_is_negative(
    journeys: list[reference.Walked],
) -> None:
    converting = {state for path, conversions, _ in journeys if conversions for state in path}
    for state, effect in removal(journeys).items():
        assert (effect > 0) == (state in converting)
        assert 0 <= effect <= 1


@settings(max_examples=40, deadline=None)
@given(journeys=walked)
def test_shapley_is_the_mean_over_all_orders_of_joining(journeys: list[reference.Walked]) -> None:
    found = gathered(journeys)
    values = dict(zip(found.states, shapley(found, found.conversions), strict=True))
    few = [(path, conversions) for path, conversions, _ in journeys if len(set(path) - {" > ", ""}) == len(set(path))]
    small = collect([path for path, _ in few], conversions=[worth for _, worth in few])
    assert dict(zip(small.states, shapley(small, small.conversions), strict=True)) == reference.shapley(few)
    assert sum(values.values()) == sum(conversions for path, conversions, _ in journeys if path), "efficient"


@settings(max_examples=40, deadline=None)
@given(journeys=walked)
def test_shapley_is_symmetric(journeys: list[reference.Walked]) -> None:
    swap = {"a": "b", "b": "a"}
    both = journeys + [(tuple(swap.get(state, state) for state in path), *rest) for path, *rest in journeys]
    found = gathered(both)
    values = dict(zip(found.states, shapley(found, found.conversions), strict=True))
    assert values.get("a") == values.get("b")


def large(states: int, journeys: int, seed: int) -> Journeys:
    """Random journeys over many states, few of them frequent, and runs of repeats."""
    chance = np.random.default_rng(seed)
    lengths = 1 + chance.geometric(0.3, journeys)
    codes = np.minimum(chance.zipf(1.3, lengths.sum()) - 1, states - 1)
    converted = (chance.random(journeys) < 0.4).astype(np.int64)
    return Journeys(
        states=tuple(f"{state:06d}" for state in range(states)),
        codes=codes.astype(np.int64),
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        conversions=converted,
        nulls=1 - converted,
        amounts={},
    )


def dense_effects(journeys: Journeys) -> np.ndarray:
    """The textbook's fundamental matrix, whole."""
    chain = count_transitions(journeys)
    leak = chain.converted + chain.lost
    visits = chain.flow.sum(axis=1) + leak
    fundamental = np.linalg.inv(np.eye(len(leak)) - chain.flow.toarray() / visits[:, None])
    converting = fundamental @ (chain.converted / visits)
    start = chain.starts / chain.starts.sum()
    reach = (start @ fundamental) / np.diag(fundamental)
    effects = np.zeros(len(journeys.states))
    effects[chain.groups] = reach * converting / (start @ converting)
    return np.where(chain.touched, effects, 0.0)


def test_elimination_in_many_steps_agrees_with_the_whole_inverse(monkeypatch: pytest.MonkeyPatch) -> None:
    journeys = large(1500, 3000, 5)
    expected = dense_effects(journeys)
    for small, full in ((600, 0.12), (8, 0.9), (1, 2.0)):
        monkeypatch.setattr(inverse, "SMALL", small)
        monkeypatch.setattr(inverse, "FULL", full)
        found = removal_effects(count_transitions(journeys))
        np.testing.assert_allclose(found.effects, expected, rtol=1e-10, atol=1e-13)
        assert found.residual < 1e-12


def test_sparse_and_whole_solves_of_order_two_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.attribution import removal as module

    chain = count_transitions(large(30, 400, 6), order=2)
    whole = removal_effects(chain).effects
    monkeypatch.setattr(module, "WHOLE", 0)
    np.testing.assert_allclose(removal_effects(chain).effects, whole, rtol=1e-11)


def test_a_chain_that_is_hardly_ever_left_says_so_and_is_still_right() -> None:
    found = removal_effects(count_transitions(gathered([(("a",) * 100_000, 1, 0), (("b",), 1, 1)])))
    assert isinstance(found, Removal)
    assert found.condition >= 200_000
    assert found.effects.tolist() == pytest.approx([1 / 2, 1 / 2], abs=1e-9)


def test_money_is_divided_to_the_last_micro() -> None:
    assert divide(100, [1, 1, 1]) == [34, 33, 33]
    assert divide(-100, [1, 1, 1]) == [-34, -33, -33]
    assert divide(10**18 + 1, [1, 0, 7]) == [125000000000000000, 0, 875000000000000001]
    assert settle([Fraction(-1, 3), Fraction(4, 3)]) == [-1 + 1, 1]


@given(st.integers(-(10**18), 10**18), st.lists(st.floats(1e-9, 1), min_size=1, max_size=20))
def test_a_division_always_adds_up(amount: int, weights: list[float]) -> None:
    parts = divide(amount, weights)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
