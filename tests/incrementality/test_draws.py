"""Shapes between the nodes of the grid: their algebra, and that chains find where the posterior is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.incrementality import draws, timeseries, walk
from pipelines.incrementality.baseline import baseline
from pipelines.incrementality.shapes import AXES, SIZES, between, dictionary, plausible
from tests.incrementality.companies import panel

Model = draws.Model


@pytest.fixture(scope="module")
def model() -> Model:
    company, _ = panel(1)
    shapes = [dictionary(column) for column in company.activity.T]
    return timeseries._assume(company.scale, timeseries._whiten(company, shapes))


def test_a_shape_at_a_node_is_that_node_and_one_between_is_their_mean() -> None:
    nodes, weights, log_chance = between(np.array([[2.0, 0.0, 1.0, 0.0], [2.5, 0.0, 1.0, 0.0]]))
    assert np.allclose(weights.sum(axis=1), 1)
    place = int(np.ravel_multi_index((2, 0, 1, 0), SIZES))
    assert nodes[0, weights[0] > 0] == [place]
    assert dict(zip(nodes[1, weights[1] > 0], weights[1, weights[1] > 0], strict=True)) == {
        place: 0.5,
        int(np.ravel_multi_index((3, 0, 1, 0), SIZES)): 0.5,
    }
    assert np.exp(log_chance[0]) / plausible()[place] == pytest.approx(1.0, abs=0.02)
    last = np.array(SIZES) - 1.0
    nodes, weights, _ = between(last)
    assert nodes[weights > 0] == [len(plausible()) - 1]
    assert len(AXES) == len(SIZES) == 4


def test_products_are_those_of_whitened_columns_without_the_baseline(model: Model) -> None:
    company, _ = panel(1)
    place = len(timeseries.MEMORIES) // 2
    memory = timeseries.MEMORIES[place]
    level = timeseries.level_of(company.revenue)[:, None]
    shapes = [dictionary(column) / level for column in company.activity.T]
    white = np.concatenate([baseline(company), *shapes, company.revenue[:, None] / level], axis=1)
    white[1:] -= memory * white[:-1].copy()
    white[0] *= np.sqrt(1 - memory**2)
    size = baseline(company).shape[1]
    usual = np.linalg.qr(white[:, :size])[0]
    rest = white[:, size:] - usual @ (usual.T @ white[:, size:])
    expected = rest.T @ rest
    assert np.allclose(model.products.gram[place], expected[:-1, :-1], rtol=1e-6, atol=1e-9 * expected[:-1, :-1].max())
    assert np.allclose(model.products.with_revenue[place], expected[:-1, -1], rtol=1e-6)
    assert model.products.revenue[place] == pytest.approx(expected[-1, -1])


def test_one_column_beside_others_is_weighed_as_all_together(model: Model) -> None:
    dice = np.random.default_rng(0)
    size = model.products.shapes
    picks, memories = dice.integers(0, size, (4, 3)) + size * np.arange(3), np.array([0, 3, 5, 8])
    found = model.weigh_nodes(1, picks, memories)
    for row in range(4):
        tried = np.repeat(picks[row][None], size, axis=0)
        tried[:, 1] = size + np.arange(size)
        gram = model.products.gram[memories[row]][tried[:, :, None], tried[:, None, :]]
        every = np.full(size, memories[row])
        whole = model.weigh(gram, model.target[memories[row]][tried], every)[0]
        assert np.allclose(found[row] - found[row, 0], whole - whole[0], atol=1e-6)


def test_what_is_kept_of_a_walk_is_what_its_places_say(model: Model) -> None:
    drawn = walk.draw(model, seed=3)
    some = np.arange(0, len(drawn.memories), 97)
    for row in some:
        gram = model.products.gram[drawn.memories[row]]
        columns = np.zeros((len(gram), 3))
        for network in range(3):
            np.add.at(columns[:, network], drawn.nodes[row, network], drawn.weights[row, network])
        assert np.allclose(drawn.gram[row], columns.T @ gram @ columns)
    assert np.allclose(drawn.chances(model.products.shapes).sum(axis=1), 1)


def errors(seed: int) -> np.ndarray[Any, Any]:
    company, _ = panel(seed)
    fit = timeseries.fit(company, usable=np.ones(3, bool))
    assert fit is not None
    return fit.error


def test_days_that_are_believed_less_leave_more_open(monkeypatch: pytest.MonkeyPatch) -> None:
    before = errors(2)
    monkeypatch.setattr(draws, "BELIEVED", 1.0)
    assert np.median(errors(2) / before) < 0.95


def test_days_without_noise_do_not_make_the_nodes_sure_of_a_neighbor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Effects that halve in 1.4 days, between two nodes; sales with a tenth of the usual noise."""

    def far_off() -> int:
        found = 0
        for seed in range(4):
            company, truth = panel(seed, noise=60.0, half_life=1.4)
            fit = timeseries.fit(company, usable=np.ones(3, bool))
            assert fit is not None
            found += int((np.abs(fit.mean - truth) > 1.645 * fit.error).sum())
        return found

    walked = far_off()
    monkeypatch.setattr(walk, "MOVES", 0)
    assert walked < far_off()


def test_percentiles_hardly_depend_on_the_seed(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def apart() -> float:
        found = []
        for seed in range(5):
            drawn = walk.draw(model, seed=seed)
            _, factors, inverse, noise = model.weigh(drawn.gram, drawn.target, drawn.memories)
            factors += np.sqrt(noise[:, None] * np.diagonal(inverse, axis1=1, axis2=2)) * normal
            found.append(np.quantile(factors, 0.95, axis=0) / factors.std(axis=0))
        return float(np.std(found, axis=0).mean())

    normal = np.random.default_rng(0).normal(size=(walk.CHAINS * walk.SWEEPS, 3))
    usual = apart()
    monkeypatch.setattr(walk, "MOVES", 1)
    assert usual < 0.1
    assert usual < 0.8 * apart()
