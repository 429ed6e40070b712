"""The slow reference of the regression on days: the same model in NumPyro, sampled by NUTS (``make bench-nuts``).

The model is that of ``pipelines.incrementality.timeseries``, written out anew: a factor for each network, normal
beforehand; noise with an AR(1) memory; a shape for each network, anywhere between the nodes of the dictionary. Factors,
noise and shapes are sampled by NUTS (Hoffman and Gelman, JMLR 2014), the memory, one of a few numbers, is summed over.
Only the products of the nodes' columns are shared with what is checked; baseline and revenue are in them. NumPyro is no
part of the environment: ``pip install social-roi[nuts]``.
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
from pipelines.incrementality.draws import BELIEVED
from pipelines.incrementality.shapes import AXES, SIZES, dictionary
from pipelines.incrementality.timeseries import SeriesFit
from pipelines.simulate.worlds import draw as draw_world

LEVELS = (0.05, 0.5, 0.95)
WITHIN = 0.15
"""Posterior standard deviations that a percentile of the fast posterior may be off."""


class Reference:
    """A sampler that is compiled once for all panels of one size."""

    def __init__(self, *, warm_up: int = 800, draws: int = 1500, chains: int = 4) -> None:
        import jax
        from numpyro.infer import MCMC, NUTS

        jax.config.update("jax_enable_x64", True)  # squares of sales less what is explained: 24 bits do not hold that
        self.sampler = MCMC(
            NUTS(_model, target_accept_prob=0.9), num_warmup=warm_up, num_samples=draws, num_chains=chains,
            chain_method="sequential", progress_bar=False, jit_model_args=True,
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
    """Print each fit's largest distance, that to the same fit by another seed, and in how many fits no percentile is
    further off than ``WITHIN``."""
    reference, distances = Reference(), []
    for place, panel in enumerate(panels(int(os.environ.get("FITS", "20")))):
        begun = time.process_time()
        fit = timeseries.fit(panel, usable=np.ones(len(panel.networks), bool))
        middle = time.process_time()
        again = timeseries.fit(panel, usable=np.ones(len(panel.networks), bool), seed=1)
        assert fit is not None and again is not None
        between = time.process_time()
        slow, deviation, apart = reference.quantiles(panel)
        seconds, itself = time.process_time() - between, np.abs(fast(again) - fast(fit)) / deviation[:, None]
        distances.append(np.abs(fast(fit) - slow) / deviation[:, None])
        print(
            f"fit {place + 1:3}: largest distance {distances[-1].max():.2f} posterior sd, to itself by another seed "
            f"{itself.max():.2f}, R-hat {apart:.3f}, {middle - begun:.1f} s against {seconds:.0f} s",
            flush=True,
        )
    found = np.array(distances)
    for name, column in zip(("5th", "50th", "95th"), np.moveaxis(found, 2, 0), strict=True):
        print(f"{name} percentile within {WITHIN} posterior sd: {(column <= WITHIN).mean():.3f} of networks")
    print(f"all percentiles of all networks: {(found <= WITHIN).all(axis=(1, 2)).mean():.3f} of {len(found)} fits")


def _asked(panel: Panel) -> dict[str, Any]:
    import jax.numpy as jnp

    products = timeseries._whiten(panel, [dictionary(panel.activity[:, n]) for n in range(len(panel.networks))])
    model = timeseries._assume(panel.scale, products)
    return {
        "gram": jnp.array(products.gram),
        "moments": jnp.array(products.with_revenue),
        "squares": jnp.array(products.revenue),
        "sizes": jnp.array(products.log_size),
        "noise": float(model.noise[len(model.noise) // 2]),
        "freedom": products.freedom,
        "mean": jnp.array(model.mean),
        "deviation": jnp.array(model.deviation),
    }


def _model(
    *,
    gram: Any,
    moments: Any,
    squares: Any,
    sizes: Any,
    noise: Any,
    freedom: Any,
    mean: Any,
    deviation: Any,
) -> None:
    """Revenue given factors, noise and shapes; the baseline, flat beforehand, is integrated out, memory summed over."""
    import jax.numpy as jnp
    import numpyro
    from jax.scipy.special import logsumexp
    from numpyro import distributions as dist

    count, log_chance = len(mean), 0.0
    nodes, weights = jnp.zeros((count, 1), int), jnp.ones((count, 1))
    for axis, (chances, size) in enumerate(zip(AXES, SIZES, strict=True)):
        with numpyro.plate(f"networks_{axis}", count):
            place = numpyro.sample(f"place_{axis}", dist.Uniform(0.0, size - 1.0))
        first = jnp.clip(jnp.floor(place).astype(int), 0, size - 2)
        beside = jnp.stack([1 - (place - first), place - first], axis=1)
        ends = first[:, None] + jnp.arange(2)
        log_chance += (jnp.log(jnp.array([*chances.values()]))[ends] * beside).sum()
        nodes = (nodes[:, :, None] * size + ends[:, None, :]).reshape(count, -1)
        weights = (weights[:, :, None] * beside[:, None, :]).reshape(count, -1)
    apart = numpyro.sample("apart", dist.Normal(0.0, 1.0).expand([count]))
    factors = numpyro.deterministic("factors", mean + deviation * apart)
    variance = noise * jnp.exp(numpyro.sample("log_noise", dist.Normal(0.0, 10.0)))
    nodes = (nodes + (jnp.arange(count) * np.prod(SIZES))[:, None]).ravel()
    parts = (weights * factors[:, None]).ravel()
    explained = moments[:, nodes] @ parts
    rest = squares - 2 * explained + jnp.einsum("a,mab,b->m", parts, gram[:, nodes[:, None], nodes], parts)
    days = sizes - 0.5 * freedom * jnp.log(variance) - 0.5 * rest / variance
    numpyro.factor("days", log_chance + logsumexp(BELIEVED * days))


if __name__ == "__main__":
    main()
