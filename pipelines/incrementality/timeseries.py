"""What the days say: a regression of daily revenue on each network's activity, every shape of effect weighed.

Revenue is baseline plus, for each network, a factor times its activity under some shape of carry-over and saturation,
plus noise that carries over from day to day (AR(1)). With the shapes scaled to add up to 1, a factor is the revenue
that the network caused over the panel. Given the shapes and the noise's memory, factors and noise have a closed form
(a normal-inverse-gamma posterior; Gelman et al., Bayesian Data Analysis, 14.2), with the baseline projected out; shapes
and memory are drawn by Gibbs sampling over their dictionary, which needs nothing but the Gram matrix of all shapes. The
factors may be negative: what confounds activity with demand may be so either way, and the interval has to know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.baseline import baseline
from pipelines.incrementality.evidence import Floats, Panel
from pipelines.incrementality.shapes import dictionary

MEMORIES = (0.0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.78, 0.85, 0.9, 0.94, 0.97)
"""How much of a day's noise is left the next day."""
CHAINS, SWEEPS, WARM_UP = 24, 36, 12
FACTOR = 1.0
"""Standard deviation of a network's factor before the data, as a share of all revenue: all of it would be odd."""
LEAST_DAYS = 60


@dataclass(frozen=True)
class SeriesFit:
    """What a panel says about N networks.

    Attributes:
        known: (N,) whether the days say anything of a network.
        mean, error: (N,) revenue caused over the panel, and its standard error if nothing is confounded.
        slack: (N,) how much ``mean`` would be off if the noise had a correlation of 1 with the network's own activity
            (r times as much for a correlation of r).
        chances: (N, K) of each shape in the dictionary.
        memory: posterior mean of the noise's AR(1) factor.
        spread: Gelman and Rubin's R-hat of the factors over the chains, the largest.
    """

    known: NDArray[np.bool_]
    mean: Floats
    error: Floats
    slack: Floats
    chances: Floats
    memory: float
    spread: float


@dataclass(frozen=True)
class _Whitened:
    """Products of all shapes and the revenue, with noise made white and the baseline projected out."""

    gram: Floats
    with_revenue: Floats
    revenue: float
    log_size: float
    freedom: int


def fit(panel: Panel, *, usable: NDArray[np.bool_], seed: int = 0) -> SeriesFit | None:
    """Weigh what each network caused against the days.

    Args:
        panel: at least ``LEAST_DAYS`` days.
        usable: (N,) which networks have an activity that moves and is not another's.
        seed: of the draws; the same panel and seed give the same fit.

    Returns:
        None where no network is usable.
    """
    chosen = np.flatnonzero(usable)
    if not len(chosen):
        return None
    shapes = [dictionary(panel.activity[:, index]) for index in chosen]
    features = np.concatenate(shapes, axis=1)
    whitened = _whiten(panel, features)
    picks, memories = _draw(whitened, len(chosen), shapes[0].shape[1], total=_scale(panel), seed=seed)
    return _collect(panel, chosen, shapes[0].shape[1], whitened, picks, memories)


def placebo(panel: Panel, *, usable: NDArray[np.bool_]) -> float:
    """How many standard errors from nothing a network seems to be that never was: the activity of the most active one,
    moved by half of the panel. Far from nothing, the baseline misses something that others than networks did."""
    seen = np.where(usable, panel.activity.sum(axis=0), -1.0)
    never = np.roll(panel.activity[:, int(seen.argmax())], panel.days // 2)
    wider = replace(
        panel,
        networks=(*panel.networks, ""),
        activity=np.column_stack([panel.activity, never]),
        spend=np.column_stack([panel.spend, np.full(panel.days, np.nan)]),
    )
    found = fit(wider, usable=np.append(usable, True))
    return 0.0 if found is None else float(found.mean[-1] / found.error[-1])


def _scale(panel: Panel) -> float:
    return FACTOR * max(float(np.abs(panel.revenue).sum()), 1e-9)


def _whiten(panel: Panel, features: Floats) -> list[_Whitened]:
    columns = np.concatenate([baseline(panel), features, panel.revenue[:, None]], axis=1)
    size = columns.shape[1] - features.shape[1] - 1
    found = []
    for memory in MEMORIES:
        white = columns.copy()
        white[1:] -= memory * columns[:-1]
        white[0] *= np.sqrt(1 - memory**2)
        q, r = np.linalg.qr(white[:, :size])
        rest = white[:, size:] - q @ (q.T @ white[:, size:])
        products = rest.T @ rest
        log_size = 0.5 * np.log(1 - memory**2) - np.log(np.abs(np.diag(r))).sum()
        found.append(_Whitened(products[:-1, :-1], products[:-1, -1], products[-1, -1], log_size, panel.days - size))
    return found


def _weigh(
    whitened: list[_Whitened], picks: NDArray[Any], memories: NDArray[Any], *, total: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """For S selections of shapes (S, N) and memories (S,): log evidence, factors (S, N), inverse precision (S, N, N)
    and residual variance (S,)."""
    gram = np.stack([each.gram for each in whitened])
    moments = np.stack([each.with_revenue for each in whitened])
    products = gram[memories[:, None, None], picks[:, :, None], picks[:, None, :]]
    targets = moments[memories[:, None], picks]
    squares = np.array([each.revenue for each in whitened])[memories]
    freedom = whitened[0].freedom
    noise = squares / freedom
    ridge = noise / total**2
    precision = products + ridge[:, None, None] * np.eye(picks.shape[1])
    inverse = np.linalg.inv(precision)
    factors = np.einsum("sij,sj->si", inverse, targets)
    rest = np.maximum(squares - np.einsum("si,si->s", factors, targets), 1e-12 * squares)
    _, log_det = np.linalg.slogdet(precision)
    size = np.array([each.log_size for each in whitened])[memories]
    log_evidence = size + 0.5 * picks.shape[1] * np.log(ridge) - 0.5 * log_det - 0.5 * freedom * np.log(rest)
    return log_evidence, factors, inverse, rest / freedom


def _draw(
    whitened: list[_Whitened], networks: int, size: int, *, total: float, seed: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Gibbs draws of shapes (S, N), as columns of the features, and memories (S,), from chains that start apart."""
    dice = np.random.default_rng(seed)
    picks = dice.integers(0, size, (CHAINS, networks)) + size * np.arange(networks)
    memories = dice.integers(0, len(MEMORIES), CHAINS)
    kept: list[tuple[NDArray[Any], NDArray[Any]]] = []
    for sweep in range(SWEEPS):
        for network in range(networks):
            tried = np.repeat(picks[:, None, :], size, axis=1)
            tried[:, :, network] = size * network + np.arange(size)
            weights = _weigh(whitened, tried.reshape(-1, networks), np.repeat(memories, size), total=total)[0]
            picks[:, network] = size * network + _choose(weights.reshape(CHAINS, size), dice)
        tried = np.repeat(picks, len(MEMORIES), axis=0)
        weights = _weigh(whitened, tried, np.tile(np.arange(len(MEMORIES)), CHAINS), total=total)[0]
        memories = _choose(weights.reshape(CHAINS, -1), dice)
        if sweep >= WARM_UP:
            kept.append((picks.copy(), memories.copy()))
    return np.concatenate([each[0] for each in kept]), np.concatenate([each[1] for each in kept])


def _choose(log_weights: Floats, dice: np.random.Generator) -> NDArray[Any]:
    """One of the columns for each row, in proportion to its weight (by Gumbel's maxima)."""
    chosen: NDArray[Any] = np.argmax(log_weights + dice.gumbel(size=log_weights.shape), axis=1)
    return chosen


def _collect(
    panel: Panel,
    chosen: NDArray[Any],
    size: int,
    whitened: list[_Whitened],
    picks: NDArray[Any],
    memories: NDArray[Any],
) -> SeriesFit:
    """Moments of the factors over all draws, by the law of total variance."""
    count = len(panel.networks)
    _, factors, inverse, noise = _weigh(whitened, picks, memories, total=_scale(panel))
    inside = noise[:, None] * np.diagonal(inverse, axis1=1, axis2=2)
    mean, variance = factors.mean(axis=0), inside.mean(axis=0) + factors.var(axis=0)
    known = np.zeros(count, bool)
    known[chosen] = True
    chances = np.full((count, size), 1 / size)
    for place, network in enumerate(chosen):
        chances[network] = np.bincount(picks[:, place] - size * place, minlength=size) / len(picks)
    whole = {name: np.full(count, np.nan) for name in ("mean", "error", "slack")}
    whole["mean"][chosen], whole["error"][chosen] = mean, np.sqrt(variance)
    whole["slack"][chosen] = np.sqrt(inside.mean(axis=0) * whitened[0].freedom)
    by_chain = factors.reshape(-1, CHAINS, len(chosen))
    between, within = by_chain.mean(axis=0).var(axis=0), (by_chain.var(axis=0) + inside.mean(axis=0)).mean(axis=0)
    return SeriesFit(
        known,
        whole["mean"],
        whole["error"],
        whole["slack"],
        chances,
        float(np.array(MEMORIES)[memories].mean()),
        float(np.sqrt(1 + between / within).max()),
    )
