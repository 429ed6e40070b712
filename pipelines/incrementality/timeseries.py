"""What the days say: a regression of daily revenue on each network's activity, every shape of effect weighed.

Revenue is baseline plus, for each network, a factor times its activity under some shape of carry-over and saturation,
plus noise that carries over from day to day (AR(1)). With the shapes scaled to add up to 1, a factor is the revenue
that the network caused over the panel. All is divided by the level of sales around the day: weekdays, holidays and
noise are in proportion to it. Given the shapes and the noise's memory, factors and noise have a closed form (a
normal-inverse-gamma posterior; Gelman et al., Bayesian Data Analysis, 14.2), with the baseline projected out; shapes
and memory are drawn by Gibbs sampling over their dictionary, which needs nothing but the Gram matrix of all shapes. The
factors may be negative: what confounds activity with demand may be so either way, and the interval has to know.

Without any idea of how large a factor may be, shapes that days cannot tell from the baseline have enormous ones, and
their share in the average drowns what the others say. So factors are weighed with one (``EXPECTED``, ``APART``, of the
network's cost; and ``FOLLOWING`` of how far confounding may move it), which is divided out again of what is said of
each network: it is the others that it keeps in bounds (expectation propagation's cavity; Minka, UAI 2001). What is
assumed of the network itself is weighed later, and once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.baseline import baseline
from pipelines.incrementality.evidence import Floats, Panel
from pipelines.incrementality.form import Assumed, Form, form_of
from pipelines.incrementality.shapes import USUAL_SHAPE, dictionary, plausible

MEMORIES = (0.0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.78, 0.85, 0.9, 0.94, 0.97)
"""How much of a day's noise is left the next day."""
CHAINS, SWEEPS, WARM_UP = 24, 64, 14
EXPECTED, APART = 2.0, 3.0
"""Of a network's factor while others are weighed: mean and standard deviation, as multiples of ``Panel.scale``."""
FOLLOWING = 0.15
"""Standard deviation, meanwhile, of the correlation of its activity with the noise."""
LEAST_SAID = 0.25
"""A network of which days say less than this part of what was assumed meanwhile: its error is no larger than that."""
LEVEL_DAYS = 91
LEAST_LEVEL = 0.25
"""The level of sales is their mean over so many days around each, and never below this part of the whole mean."""
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
        form: of what is said around ``mean``, in multiples of ``error``.
        assumed, apart: (N,) mean and standard deviation of what was assumed meanwhile; not in the others.
    """

    known: NDArray[np.bool_]
    mean: Floats
    error: Floats
    slack: Floats
    chances: Floats
    memory: float
    spread: float
    form: Form
    assumed: Floats
    apart: Floats


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
    whitened = _whiten(panel, np.concatenate(shapes, axis=1))
    assumed = _assume(panel.scale[chosen], whitened, size=shapes[0].shape[1])
    picks, memories = _draw(whitened, assumed, size=shapes[0].shape[1], seed=seed)
    return _collect(panel, chosen, whitened, assumed, picks, memories)


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


def level_of(revenue: Floats) -> Floats:
    """(T,) the level of sales around each day, as a multiple of its mean."""
    window = np.ones(min(LEVEL_DAYS, len(revenue)))
    around = np.convolve(revenue, window, "same") / np.convolve(np.ones(len(revenue)), window, "same")
    usual = float(revenue.mean())
    if usual <= 0:
        return np.ones(len(revenue))
    level: Floats = np.maximum(around / usual, LEAST_LEVEL)
    return level


def _whiten(panel: Panel, features: Floats) -> list[_Whitened]:
    level = level_of(panel.revenue)[:, None]
    columns = np.concatenate([baseline(panel), features / level, panel.revenue[:, None] / level], axis=1)
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


@dataclass(frozen=True)
class _Assumed:
    """Of N networks' factors while they are weighed together: mean and standard deviation (N,); and (memories,) the
    variance of the noise, as far as it must be known to say what these weigh."""

    mean: Floats
    deviation: Floats
    noise: Floats


def _assume(scale: Floats, whitened: list[_Whitened], *, size: int) -> _Assumed:
    places = np.arange(len(scale)) * size + USUAL_SHAPE
    noise = []
    for each in whitened:
        gram, target = each.gram[np.ix_(places, places)], each.with_revenue[places]
        factors = np.linalg.lstsq(gram, target, rcond=None)[0]
        noise.append(max(each.revenue - float(target @ factors), 1e-9 * each.revenue, 1e-300) / each.freedom)
    middle = len(whitened) // 2
    slack = np.sqrt(noise[middle] * whitened[middle].freedom / np.diag(whitened[middle].gram)[places])
    return _Assumed(EXPECTED * scale, np.hypot(APART * scale, FOLLOWING * slack), np.array(noise))


def _weigh(
    whitened: list[_Whitened], assumed: _Assumed, picks: NDArray[Any], memories: NDArray[Any]
) -> tuple[Floats, Floats, Floats, Floats]:
    """For S selections of shapes (S, N) and memories (S,): log evidence, factors (S, N), inverse precision (S, N, N)
    and residual variance (S,)."""
    gram = np.stack([each.gram for each in whitened])
    moments = np.stack([each.with_revenue for each in whitened])
    products = gram[memories[:, None, None], picks[:, :, None], picks[:, None, :]]
    along = products @ assumed.mean
    targets = moments[memories[:, None], picks]
    squares = np.array([each.revenue for each in whitened])[memories] - (2 * targets - along) @ assumed.mean
    targets = targets - along
    freedom = whitened[0].freedom
    ridge = assumed.noise[memories][:, None] / assumed.deviation**2
    precision = products + ridge[:, :, None] * np.eye(picks.shape[1])
    inverse = np.linalg.inv(precision)
    factors = np.einsum("sij,sj->si", inverse, targets)
    rest = np.maximum(squares - np.einsum("si,si->s", factors, targets), 1e-12 * squares)
    _, log_det = np.linalg.slogdet(precision)
    size = np.array([each.log_size for each in whitened])[memories]
    log_evidence = size + 0.5 * np.log(ridge).sum(axis=1) - 0.5 * log_det - 0.5 * freedom * np.log(rest)
    return log_evidence, assumed.mean + factors, inverse, rest / freedom


def _draw(whitened: list[_Whitened], assumed: _Assumed, *, size: int, seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Gibbs draws of shapes (S, N), as columns of the features, and memories (S,), from chains that start apart."""
    dice = np.random.default_rng(seed)
    networks = len(assumed.mean)
    picks = dice.integers(0, size, (CHAINS, networks)) + size * np.arange(networks)
    memories = dice.integers(0, len(MEMORIES), CHAINS)
    kept: list[tuple[NDArray[Any], NDArray[Any]]] = []
    for sweep in range(SWEEPS):
        for network in range(networks):
            tried = np.repeat(picks[:, None, :], size, axis=1)
            tried[:, :, network] = size * network + np.arange(size)
            weights = _weigh(whitened, assumed, tried.reshape(-1, networks), np.repeat(memories, size))[0]
            weights = weights.reshape(CHAINS, size) + np.log(plausible())
            picks[:, network] = size * network + _choose(weights, dice)
        tried = np.repeat(picks, len(MEMORIES), axis=0)
        weights = _weigh(whitened, assumed, tried, np.tile(np.arange(len(MEMORIES)), CHAINS))[0]
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
    whitened: list[_Whitened],
    assumed: _Assumed,
    picks: NDArray[Any],
    memories: NDArray[Any],
) -> SeriesFit:
    """Moments of the factors over all draws, by the law of total variance, and without what was assumed."""
    count, size = len(panel.networks), len(plausible())
    _, factors, inverse, noise = _weigh(whitened, assumed, picks, memories)
    variance = noise[:, None] * np.diagonal(inverse, axis1=1, axis2=2)
    inside = variance.mean(axis=0)
    known = np.zeros(count, bool)
    known[chosen] = True
    chances = np.tile(plausible(), (count, 1))
    for place, network in enumerate(chosen):
        chances[network] = np.bincount(picks[:, place] - size * place, minlength=size) / len(picks)
    whole = {name: np.full(count, np.nan) for name in ("mean", "error", "slack", "assumed", "apart")}
    whole["assumed"][chosen], whole["apart"][chosen] = assumed.mean, assumed.deviation
    given = Assumed(assumed.mean, assumed.deviation, LEAST_SAID)
    whole["mean"][chosen], whole["error"][chosen], form = form_of(factors, variance, given)
    whole["slack"][chosen] = np.sqrt(whitened[0].freedom * given.without(assumed.mean, inside)[1])
    by_chain = factors.reshape(-1, CHAINS, len(chosen))
    between, within = by_chain.mean(axis=0).var(axis=0), (by_chain.var(axis=0) + inside).mean(axis=0)
    return SeriesFit(
        known,
        whole["mean"],
        whole["error"],
        whole["slack"],
        chances,
        float(np.array(MEMORIES)[memories].mean()),
        float(np.sqrt(1 + between / within).max()),
        form.among(chosen, count),
        whole["assumed"],
        whole["apart"],
    )
