"""What the days say: a regression of daily revenue on each network's activity, every shape of effect weighed.

Revenue is baseline plus, for each network, a factor times its activity under some shape of carry-over and saturation,
plus noise that carries over from day to day (AR(1)). With the shapes scaled to add up to 1, a factor is the revenue
that the network caused over the panel. All is divided by the level of sales around the day: weekdays, holidays and
noise are in proportion to it. Given the shapes and the noise's memory, factors and noise have a closed form (a
normal-inverse-gamma posterior; Gelman et al., Bayesian Data Analysis, 14.2), with the baseline projected out; shapes
and memory are drawn (``walk``), which needs nothing but the Gram matrices of the dictionary. The factors may be
negative: what confounds activity with demand may be so either way, and the interval has to know.

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
from pipelines.incrementality.draws import Draws, Model, Products
from pipelines.incrementality.evidence import WEEK, Floats, Panel
from pipelines.incrementality.form import Assumed, Form, form_of
from pipelines.incrementality.shapes import dictionary, plausible, usual_shape
from pipelines.incrementality.walk import CHAINS, draw

MEMORIES = (0.0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.78, 0.85, 0.9, 0.94, 0.97)
"""How much of a day's noise is left the next day."""
EXPECTED, APART = 2.0, 3.0
"""Of a network's factor while others are weighed: mean and standard deviation, as multiples of ``Panel.scale``."""
FOLLOWING = 0.15
"""Standard deviation, meanwhile, of the correlation of its activity with the noise."""
LEAST_SAID = 0.25
"""A network of which days say less than this part of what was assumed meanwhile: its error is no larger than that."""
LEVEL_DAYS = 91
LEAST_LEVEL = 0.25
"""The level of sales is their mean over so many days around each, and never below this part of the whole mean."""
LEAST_DAYS, LEAST_WEEKS = 60, 52
"""Where sales are known by day, and by week."""


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
    shapes = [dictionary(panel.activity[:, each], panel.every) for each in chosen]
    model = _assume(panel.scale[chosen], _whiten(panel, shapes))
    return _collect(panel, chosen, model, draw(model, seed=seed))


def placebo(panel: Panel, *, usable: NDArray[np.bool_]) -> float:
    """How many standard errors from nothing a network seems to be that never was: the activity of the most active one,
    moved by half of the panel, in whole weeks. Far from nothing, the baseline misses something that no network did."""
    seen = np.where(usable, panel.activity.sum(axis=0), -1.0)
    never = np.roll(panel.activity[:, int(seen.argmax())], panel.days // 2 // WEEK * WEEK)
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


def _whiten(panel: Panel, shapes: list[Floats]) -> Products:
    """Products of whitened columns are sums of products of columns as they are with themselves and with those of the
    day before, so that the long side is multiplied out once for all memories."""
    level = level_of(panel.revenue)[:, None]
    usual = np.linalg.qr(baseline(panel))[0]
    seen = [panel.observed(each / level) for each in (*shapes, panel.revenue[:, None])]
    columns = np.concatenate([usual, *seen], axis=1)
    size = usual.shape[1]
    same, before, ends = columns.T @ columns, columns[1:].T @ columns[:-1], columns[[0, -1]]
    before, ends = before + before.T, ends.T @ ends
    rest, log_size = np.empty((len(MEMORIES), *[len(same) - size] * 2)), np.empty(len(MEMORIES))
    for place, memory in enumerate(MEMORIES):
        white = (1 + memory**2) * same - memory * before - memory**2 * ends
        root = np.linalg.cholesky(white[:size, :size])
        explained = np.linalg.solve(root, white[:size, size:])
        rest[place] = white[size:, size:] - explained.T @ explained
        log_size[place] = 0.5 * np.log(1 - memory**2) - np.log(np.diag(root)).sum()
    count = shapes[0].shape[1]
    return Products(rest[:, :-1, :-1], rest[:, :-1, -1], rest[:, -1, -1], log_size, len(columns) - size, count)


def _assume(scale: Floats, products: Products) -> Model:
    """Products, beside what is assumed of factors in money of this scale (N,)."""
    places = np.arange(len(scale)) * products.shapes + usual_shape()
    gram, target = products.gram[:, places[:, None], places], products.with_revenue[:, places]
    explained = np.einsum("mi,mij,mj->m", target, np.linalg.pinv(gram, hermitian=True), target)
    left = np.maximum(products.revenue - explained, np.maximum(1e-9 * products.revenue, 1e-300))
    middle = len(left) // 2
    slack = np.sqrt(left[middle] / np.diag(gram[middle]))
    deviation = np.hypot(APART * scale, FOLLOWING * slack)
    return Model(products, EXPECTED * scale, deviation, left / products.freedom)


def _collect(panel: Panel, chosen: NDArray[Any], model: Model, drawn: Draws) -> SeriesFit:
    """Moments of the factors over all draws, by the law of total variance, and without what was assumed."""
    count = len(panel.networks)
    _, factors, inverse, noise = model.weigh(drawn.gram, drawn.target, drawn.memories)
    variance = noise[:, None] * np.diagonal(inverse, axis1=1, axis2=2)
    inside = variance.mean(axis=0)
    known = np.zeros(count, bool)
    known[chosen] = True
    chances = np.tile(plausible(), (count, 1))
    chances[chosen] = drawn.chances(model.products.shapes)
    whole = {name: np.full(count, np.nan) for name in ("mean", "error", "slack", "assumed", "apart")}
    whole["assumed"][chosen], whole["apart"][chosen] = model.mean, model.deviation
    given = Assumed(model.mean, model.deviation, LEAST_SAID)
    whole["mean"][chosen], whole["error"][chosen], form = form_of(factors, variance, given)
    whole["slack"][chosen] = np.sqrt(model.products.freedom * given.without(model.mean, inside)[1])
    by_chain = factors.reshape(-1, CHAINS, len(chosen))
    between, within = by_chain.mean(axis=0).var(axis=0), (by_chain.var(axis=0) + inside).mean(axis=0)
    return SeriesFit(
        known,
        whole["mean"],
        whole["error"],
        whole["slack"],
        chances,
        float(np.array(MEMORIES)[drawn.memories].mean()),
        float(np.sqrt(1 + between / within).max()),
        form.among(chosen, count),
        whole["assumed"],
        whole["apart"],
    )
