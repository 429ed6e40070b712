"""One estimate from all witnesses: tests, days, credit and claims, each believed as far as the tests bear it out.

For each network there is one unknown: the revenue c that it caused over the panel. It is nothing at all with a chance
that the company's networks share; else log(c / scale) is normal, around a level that they share, where the scale is the
network's spend, or for one without spend a share of revenue. The more a network costs beside the others, the less a
unit of it brings, by a power that they share too: 0 if budgets were made to follow returns, 1 if what a network causes
owes nothing to its budget. What is seen of it:

* a test: normal around the part of c that fell into the test, with its own error, and one in proportion to that part
  for what holds of the test's days alone, or of how it was run. It is a proportion of the effect and not of the
  result: else a result that is too low by chance would count for more than one that is too high. A test that begins on
  a running network without waiting misses what the days before still carry into it; which part of that a company's
  tests do see is one of the things that its networks share;
* the days: normal around c + r * slack, where r is how far the network's activity follows what else moves sales, and
  ``slack`` how much a correlation of 1 would matter (the omitted-variable bias of Cinelli and Hazlett, "Making sense of
  sensitivity", JRSS B 2020, equation 9). r is normal around a mean that the networks share;
* credit: log-normal around c times a factor that the networks share, each with a deviation of its own. All attribution
  models look at the same touches and err together: they are one witness;
* what the platforms claim: the same, with a factor of its own. Each platform claims whom its ads have met, by rules of
  its own; many of these touches are those that credit sees, so that of the variance of how far credit is off on a
  network, the claim shares the part ``SAME_TOUCHES``, and is far off where credit is. The rest is its own.

Each of these is now and then far off for no known reason: with a chance of ``ODD`` its error is three times as large;
of the days, what confounds them is.
Given what networks share (chance of nothing, level and spread of returns, of r, of the factors of credit and of claims,
and how tests are run), they are independent and each has one dimension, which is summed over a grid. What is shared is
integrated by importance sampling on a Sobol sequence, first from its prior, then from a normal fitted to the posterior,
with a Pareto-k diagnostic (Vehtari et al., "Pareto smoothed importance sampling", JMLR 2024) and more points where it
fails. Nothing is random.

What is assumed beforehand: credit and claims are off by a factor of 0.5 to 2 or more (Gordon et al., "A comparison of
approaches to advertising measurement", Marketing Science 2019; "Close enough?", 2022: errors of 60 to 115 % at the
median), more often too high than too low, claims more so, since each platform claims a buyer whom several have met; r
is about 0.05 give or take 0.15.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.incrementality.densities import ODD, log_sum, normal
from pipelines.incrementality.evidence import Floats
from pipelines.incrementality.form import Form
from pipelines.incrementality.heard import Heard
from pipelines.incrementality.importance import fitted, pareto_k, sobol

NEGLIGIBLE = 0.05
"""Less than this part of the scale is said to be nothing: the grid of logarithms cannot reach 0, and an interval whose
lower end is a twentieth of the cost is no evidence of an effect."""
SHARED = {
    "nothing": (-1.7, 1.5),
    "level": (0.4, 1.2),
    "spread": (-0.5, 0.5),
    "diminishing": (0.3, 0.2),
    "confounding": (0.05, 0.12),
    "confounding_spread": (-2.3, 0.7),
    "credit": (0.2, 0.7),
    "credit_spread": (-0.8, 0.5),
    "claims": (0.5, 0.7),
    "claims_spread": (-1.2, 0.5),
    "test_spread": (-1.6, 0.3),
    "begins_clean": (-0.5, 1.0),
}
"""Prior mean and standard deviation of what networks share; of spreads, of their logarithm, of the chance of nothing,
of its logit, of how cleanly tests begin (1: all that was carried into them is seen), of its probit. A test is off by a
fifth of the effect or so: effects drift by as much from month to month (``periods.DRIFT``), holdouts leak, geographies
spill over. Few wait before they measure. The power by which returns diminish is nearer to 0 than to 1, since companies
do look at returns. Without it, what costs little is said to cause too little: of such a network days say less per unit
of cost, so that what is assumed of all decides, and it is drawn to the others."""
SAME_TOUCHES = 0.8
"""Of the variance of how far credit is off on a network, the part that a platform's claim is off by as well."""
GRID = np.concatenate([[-np.inf], np.linspace(-6.0, 5.0, 221)])
"""log(c / scale), and nothing at all."""
POINTS, MOST_POINTS = 1024, 8192
GOOD_K = 0.7


@dataclass(frozen=True)
class Verdict:
    """What c may be, for each network.

    Attributes:
        values: (N, G) the grid in money; ``chances``: (N, G) of each value, adding up to 1.
        surprise: (N,) how much less is left open than before anything was heard: 1 minus the ratio of the spreads of
            log c, with nothing at all left aside.
        pareto_k: of the importance weights; above 0.7 they are not to be relied on.
        shared: posterior mean of what networks share, and its standard deviation.
        proposal: center and root of the normal from which what networks share was drawn, to begin near it another time.
    """

    values: Floats
    chances: Floats
    surprise: Floats
    pareto_k: float
    shared: dict[str, tuple[float, float]]
    proposal: tuple[Floats, Floats]

    def quantile(self, network: int, level: float) -> float:
        """The value that c is below with this chance, between the points of the grid."""
        below = np.cumsum(self.chances[network])
        values = self.values[network]
        if below[0] >= level:
            return 0.0
        place = int(np.searchsorted(below, level))
        part = (level - below[place - 1]) / max(self.chances[network, place], 1e-300)
        found = float(values[place - 1] + np.clip(part, 0, 1) * (values[place] - values[place - 1]))
        return found if found >= NEGLIGIBLE * self.scale[network] else 0.0

    @property
    def scale(self) -> Floats:
        """(N,) money by which c is measured."""
        found: Floats = self.values[:, -1] / np.exp(GRID[-1])
        return found


def weigh(heard: Heard, *, near: Verdict | None = None) -> Verdict:
    """Weigh all witnesses against each other.

    Args:
        near: the verdict on nearly the same evidence: to look where it was found there, with half of the points.

    Returns:
        The same for the same evidence, to the last bit.
    """
    center, root = near.proposal if near else (np.zeros(len(SHARED)), np.eye(len(SHARED)))
    points, first = (POINTS // 2, False) if near else (POINTS, True)
    while True:
        place = sobol(points, center, root)
        shared = _shared(place)
        log_networks, log_rows = _likelihood(heard, shared)
        prior = -0.5 * (place**2).sum(axis=1)
        proposal = -0.5 * (np.linalg.solve(root, (place - center).T) ** 2).sum(axis=0)
        log_weights = log_networks.sum(axis=1) + prior - proposal
        weights = np.exp(log_weights - log_weights.max())
        weights /= weights.sum()
        k = pareto_k(log_weights)
        if not first and (k <= GOOD_K or points >= MOST_POINTS):
            break
        center, root = fitted(place, weights)
        points, first = (points if first else 2 * points), False
    rows = np.einsum("h,hng->ng", weights, np.exp(log_rows - log_networks[:, :, None]))
    values = heard.scale[:, None] * np.exp(GRID)[None, :]
    summary = {name: _moments(shared[name], weights) for name in SHARED}
    return Verdict(values, rows, _surprise(rows, heard.costlier), k, summary, (center, root))


def _shared(place: Floats) -> dict[str, Floats]:
    """(H,) of each number that networks share, from standard normal coordinates (H, D)."""
    from scipy.special import ndtr

    found = {}
    for column, (name, (mean, deviation)) in zip(place.T, SHARED.items(), strict=True):
        value = mean + deviation * column
        found[name] = np.exp(value) if name.endswith("spread") else ndtr(value) if name == "begins_clean" else value
    return found


def _moments(values: Floats, weights: Floats) -> tuple[float, float]:
    mean = float(weights @ values)
    return mean, float(np.sqrt(weights @ (values - mean) ** 2))


def _likelihood(heard: Heard, shared: dict[str, Floats]) -> tuple[Floats, Floats]:
    """(H, N) log evidence of each network, and (H, N, G) its log joint over the grid."""
    networks = len(heard.scale)
    value = heard.scale[:, None] * np.exp(GRID)[None, :]
    rows = np.empty((len(shared["level"]), networks, len(GRID)))
    for network, costlier in enumerate(np.zeros(networks) if heard.costlier is None else heard.costlier):
        level = shared["level"] - shared["diminishing"] * costlier
        rows[:, network] = _prior(shared, level)
        if np.isfinite(heard.days[network]):
            rows[:, network] += _days(heard, network, shared, value[network])
        rows[:, network] += _touches(heard, network, shared, level)
    each = zip(heard.test, heard.test_error, heard.test_relative, heard.tested, heard.carried_in, strict=True)
    for found, error, relative, tested, carried_in in each:
        wide = np.hypot(shared["test_spread"], relative)[:, None]
        for place in np.flatnonzero(tested):
            part = tested[place] - (1 - shared["begins_clean"]) * carried_in[place]
            inside = part[:, None] * value[place]
            rows[:, place] += heard.log_chance(found, inside, error=error, relative=wide)
    return log_sum(rows)[:, :, 0], rows


def _prior(shared: dict[str, Floats], level: Floats) -> Floats:
    """(H, G) log chance of each point of the grid before anything is heard of the network itself, whose return lies
    around a level (H,)."""
    slab = normal(GRID[1:] - level[:, None], shared["spread"][:, None] ** 2)
    slab -= log_sum(slab)
    nothing = -np.log1p(np.exp(-shared["nothing"]))[:, None]
    return np.concatenate([nothing, slab + nothing - shared["nothing"][:, None]], axis=1)


def _days(heard: Heard, network: int, shared: dict[str, Floats], value: Floats) -> Floats:
    """(H, G) log chance of what days say, were these the effects."""
    slack, error = heard.slack[network], float(heard.error[network])
    apart = heard.days[network] - value - shared["confounding"][:, None] * slack
    more = ((shared["confounding_spread"] * slack) ** 2)[:, None]
    form = heard.form or Form.normal(len(heard.days))
    usual, odd = (form.log_density(network, -apart, error=error, more=wide) for wide in (more, 9.0 * more))
    return np.asarray(np.logaddexp(np.log(1 - ODD) + usual, np.log(ODD) + odd))


def _touches(heard: Heard, network: int, shared: dict[str, Floats], level: Floats) -> Floats:
    """(H, G) log chance of what is credited to a network and of what its platform claims, given that. They deviate
    together as far as they look at the same touches, and now and then far. Where the network caused nothing, both may
    be anything that networks get."""
    center = np.concatenate([level[:, None], np.broadcast_to(GRID[1:], (len(level), len(GRID) - 1))], axis=1)
    anything = np.zeros_like(center)
    anything[:, 0] = shared["spread"] ** 2 + 1.0
    met = shared["credit_spread"][:, None] ** 2
    own = {"credit": (1 - SAME_TOUCHES) * met, "claims": shared["claims_spread"][:, None] ** 2}
    found = []
    for odd in (0.0, 8.0):  # an error three times as large is nine times the variance
        together = (SAME_TOUCHES + odd) * met + anything
        log_chance, before, wide = np.zeros_like(center), np.zeros_like(center), np.full_like(center, np.inf)
        for name, said, error in heard.of_touches(network):
            slope = together / wide
            apart = said - np.log(heard.scale[network]) - shared[name][:, None] - center
            variance = together + own[name] + error**2
            log_chance += normal(apart - slope * before, variance - slope * together)
            before, wide = apart, variance
        found.append(log_chance)
    return np.asarray(np.logaddexp(np.log(1 - ODD) + found[0], np.log(ODD) + found[1]))


def _surprise(chances: Floats, costlier: Floats | None) -> Floats:
    """How much less of log c is open than before: from the prior alone its spread is that of level and spread, and of
    how returns diminish."""
    slab = chances[:, 1:] / np.maximum(chances[:, 1:].sum(axis=1, keepdims=True), 1e-300)
    mean = slab @ GRID[1:]
    now = np.sqrt(np.maximum(slab @ GRID[1:] ** 2 - mean**2, 0))
    (_, level), (log_mean, log_deviation) = SHARED["level"], SHARED["spread"]
    diminishing = SHARED["diminishing"][1] * (0.0 if costlier is None else costlier)
    before = np.sqrt(level**2 + np.exp(2 * log_mean + 2 * log_deviation**2) + diminishing**2)
    less: Floats = 1 - now / before
    return less
