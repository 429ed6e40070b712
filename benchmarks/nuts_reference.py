"""The slow reference of the regression on days: the same model in NumPyro, sampled by NUTS (``make bench-nuts``).

The model is that of ``pipelines.incrementality.timeseries``, written out anew: a factor for each network, normal
beforehand; noise with an AR(1) memory; a shape of the dictionary for each network. Factors and noise are sampled by
NUTS (Hoffman and Gelman, JMLR 2014), shapes and memory, which are whole numbers, by Gibbs steps in between (Liu 1996,
as NumPyro's ``DiscreteHMCGibbs``). Only the Gram matrices are shared with what is checked; baseline and revenue are in
them. NumPyro is no part of the environment: ``pip install social-roi[nuts]``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.bench_truth import evidence_of
from benchmarks.daily_worlds import draw
from pipelines.incrementality import Panel, timeseries
from pipelines.incrementality.shapes import dictionary, plausible
from pipelines.incrementality.timeseries import SeriesFit
from pipelines.simulate.worlds import draw as draw_world

LEVELS = (0.05, 0.5, 0.95)
WITHIN = 0.15
"""Posterior standard deviations that a percentile of the fast posterior may be off."""


class Reference:
    """A sampler that is compiled once for all panels of one size."""

    def __init__(self, *, warm_up: int = 500, draws: int = 3000, chains: int = 4) -> None:
        import jax
        from numpyro.infer import MCMC, NUTS, DiscreteHMCGibbs, init_to_mean

        jax.config.update("jax_enable_x64", True)  # squares of sales less what is explained: 24 bits do not hold that
        kernel = DiscreteHMCGibbs(NUTS(_model, init_strategy=init_to_mean), modified=True)
        self.sampler = MCMC(
            kernel, num_warmup=warm_up, num_samples=draws, num_chains=chains, chain_method="sequential",
            progress_bar=False, jit_model_args=True,
        )  # fmt: skip

    def quantiles(self, panel: Panel, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray, float]:
        """(N, 3) percentiles of each factor at ``LEVELS``, (N,) their standard deviation, and the largest R-hat."""
        import jax
        from numpyro.diagnostics import split_gelman_rubin

        self.sampler.run(jax.random.PRNGKey(seed), **_asked(panel))
        found = np.asarray(self.sampler.get_samples(group_by_chain=True)["factors"], float)
        apart = max(float(split_gelman_rubin(found[:, :, n])) for n in range(found.shape[2]))
        flat = found.reshape(-1, found.shape[2])
        return np.quantile(flat, LEVELS, axis=0).T, flat.std(axis=0), apart


def fast(fit: SeriesFit) -> np.ndarray:
    """(N, 3) the same percentiles of what ``timeseries.fit`` hands on, with what was assumed put back."""
    found = []
    for n, (mean, error) in enumerate(zip(fit.mean, fit.error, strict=True)):
        grid = fit.assumed[n] + fit.apart[n] * np.linspace(-8, 8, 20_001)
        log_density = fit.form.log_density(n, grid - mean, error=error)
        log_density = log_density - 0.5 * ((grid - fit.assumed[n]) / fit.apart[n]) ** 2
        below = np.cumsum(np.exp(log_density - log_density.max()))
        found.append(np.interp(LEVELS, below / below[-1], grid))
    return np.array(found)


def panels(fits: int) -> Iterator[Panel]:
    """Of companies of both simulators, in turn."""
    for seed in range(fits):
        if seed % 3 == 2:
            world = draw_world("confounded", 500 + seed)
            yield evidence_of(world).panel
        else:
            yield draw(("exogenous", "other_confounded")[seed % 3], 500 + seed).evidence.panel


def main() -> None:
    """Print each fit's largest distance, and in how many fits no percentile is further off than ``WITHIN``."""
    reference, distances = Reference(), []
    for place, panel in enumerate(panels(int(os.environ.get("FITS", "20")))):
        begun = time.process_time()
        fit = timeseries.fit(panel, usable=np.ones(len(panel.networks), bool))
        between = time.process_time()
        assert fit is not None
        slow, deviation, apart = reference.quantiles(panel)
        seconds = time.process_time() - between
        distances.append(np.abs(fast(fit) - slow) / deviation[:, None])
        print(
            f"fit {place + 1:3}: largest distance {distances[-1].max():.2f} posterior sd, R-hat {apart:.3f}, "
            f"{between - begun:.1f} s against {seconds:.0f} s",
            flush=True,
        )
    found = np.array(distances)
    for name, column in zip(("5th", "50th", "95th"), np.moveaxis(found, 2, 0), strict=True):
        print(f"{name} percentile within {WITHIN} posterior sd: {(column <= WITHIN).mean():.3f} of networks")
    print(f"all percentiles of all networks: {(found <= WITHIN).all(axis=(1, 2)).mean():.3f} of {len(found)} fits")


def _asked(panel: Panel) -> dict[str, Any]:
    import jax.numpy as jnp

    networks = range(len(panel.networks))
    shapes = [dictionary(panel.activity[:, n]) for n in networks]
    whitened = timeseries._whiten(panel, np.concatenate(shapes, axis=1))
    assumed = timeseries._assume(panel.scale, whitened, size=shapes[0].shape[1])
    return {
        "gram": jnp.array([each.gram for each in whitened]),
        "moments": jnp.array([each.with_revenue for each in whitened]),
        "squares": jnp.array([each.revenue for each in whitened]),
        "sizes": jnp.array([each.log_size for each in whitened]),
        "noise": jnp.array(assumed.noise),
        "freedom": whitened[0].freedom,
        "mean": jnp.array(assumed.mean),
        "deviation": jnp.array(assumed.deviation),
    }


def _model(
    *, gram: Any, moments: Any, squares: Any, sizes: Any, noise: Any, freedom: Any, mean: Any, deviation: Any
) -> None:
    """Revenue given factors, noise, shapes and memory; the baseline, flat beforehand, is integrated out."""
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    count, shapes = len(mean), jnp.log(jnp.array(plausible()))
    memory = numpyro.sample("memory", dist.Categorical(logits=jnp.zeros(len(sizes))))
    with numpyro.plate("networks", count):
        shape = numpyro.sample("shape", dist.Categorical(logits=shapes))
        apart = numpyro.sample("apart", dist.Normal(0.0, 1.0))
    factors = numpyro.deterministic("factors", mean + deviation * apart)
    log_noise = numpyro.sample("log_noise", dist.Normal(0.0, 10.0))
    variance = noise[len(sizes) // 2] * jnp.exp(log_noise)
    place = shape + jnp.arange(count) * len(shapes)
    products = gram[memory, place[:, None], place[None, :]]
    rest = squares[memory] - 2 * moments[memory, place] @ factors + factors @ products @ factors
    numpyro.factor("days", sizes[memory] - 0.5 * freedom * jnp.log(variance) - 0.5 * rest / variance)


if __name__ == "__main__":
    main()
