"""What days say is handed on with its skewness, and without what was assumed."""

from __future__ import annotations

import numpy as np

from pipelines.incrementality.form import Assumed, form_of

GRID = np.linspace(-20, 40, 60_001)


def quantiles(log_density: np.ndarray) -> np.ndarray:
    below = np.cumsum(np.exp(log_density - log_density.max()))
    return np.interp((0.05, 0.5, 0.95), below / below[-1], GRID)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws (S, 1) of a skewed distribution, each with a variance of its own."""
    dice = np.random.default_rng(seed)
    return np.exp(0.6 * dice.normal(0.8, 1, (2000, 1))), np.full((2000, 1), 0.3)


def test_what_was_assumed_comes_back_as_it_was_when_it_is_put_back() -> None:
    factors, variance = drawn(1)
    assumed = Assumed(np.array([2.0]), np.array([4.0]), 0.25)
    mean, error, form = form_of(factors, variance, assumed)
    found = form.log_density(0, GRID - mean[0], error=float(error[0])) - 0.5 * ((GRID - 2.0) / 4.0) ** 2
    all_draws = np.log(np.exp(-0.5 * (GRID[:, None] - factors[:, 0]) ** 2 / 0.3).sum(axis=1) + 1e-300)
    deviation = np.sqrt(factors.var() + 0.3)
    assert np.all(np.abs(quantiles(found) - quantiles(all_draws)) < 0.12 * deviation)
    normal = -0.5 * ((GRID - mean[0]) / error[0]) ** 2 - 0.5 * ((GRID - 2.0) / 4.0) ** 2
    assert np.abs(quantiles(normal) - quantiles(all_draws)).max() > 0.2 * deviation


def test_a_normal_stays_one() -> None:
    dice = np.random.default_rng(2)
    factors = 3.0 + 1e-6 * dice.normal(size=(500, 2))
    mean, error, form = form_of(factors, np.ones((500, 2)), Assumed(np.zeros(2), np.full(2, 2.0), 0.25))
    assert np.allclose(error, np.sqrt(1 / (1 - 0.25)))
    assert np.allclose(mean, 3.0 / (1 - 0.25), atol=1e-4)
    assert np.allclose(form.shift, 0, atol=1e-4) and np.allclose(form.width, 1, atol=1e-4)


def test_networks_that_days_say_nothing_of_have_no_form() -> None:
    factors, variance = drawn(3)
    _, _, form = form_of(factors, variance, Assumed(np.array([2.0]), np.array([4.0]), 0.25))
    wider = form.among(np.array([1]), 3)
    assert np.isnan(wider.chance[[0, 2]]).all()
    assert np.allclose(wider.chance[1], form.chance[0])
