"""Draws of how each network works over time, and of how long noise lasts, given the days.

Given shapes and memory, factors and noise have a closed form; what is left is drawn from its marginal posterior. Chains
first go over the nodes of the dictionary by Gibbs sampling, which finds where the posterior is from anywhere; then by
Metropolis steps of many lengths over all that lies between the nodes (Metropolis et al. 1953; lengths drawn at random
mix over narrow and wide posteriors alike). Both need nothing but the products of the nodes' columns: that of two shapes
between them is a weighted sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats
from pipelines.incrementality.shapes import SIZES, between, plausible

CHAINS, WARM_UP, SWEEPS = 24, 12, 60
MOVES, SETTLING = 6, 12
"""Steps of each network's shape in a sweep, and sweeps between the nodes before draws are kept."""
SHORTEST, LONGEST_STEP = -5.0, 1.0
"""Base-2 logarithm of a step's length, in steps of the grid."""

BELIEVED = 0.7
"""No shape of the dictionary is exactly true, so that days count for less than they would if one were: their likelihood
is raised to this power (Miller and Dunson, "Robust Bayesian inference via coarsening", JASA 2019)."""

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Products:
    """Products of C columns, the shapes of all networks, and the revenue, for each of M memories that make the noise
    white, with the baseline projected out.

    Attributes:
        gram: (M, C, C) of columns, ``with_revenue``: (M, C), ``revenue``: (M,) of the revenue with itself.
        log_size: (M,) log density that a memory has whatever the shapes.
        freedom: days less columns of the baseline.
        shapes: how many columns each network has.
    """

    gram: Floats
    with_revenue: Floats
    revenue: Floats
    log_size: Floats
    freedom: int
    shapes: int


@dataclass(frozen=True)
class Model:
    """Products, and what is assumed of N factors while they are weighed together.

    Attributes:
        mean, deviation: (N,) of a factor.
        noise: (M,) variance of the noise, as far as it must be known to say what these weigh.
    """

    products: Products
    mean: Floats
    deviation: Floats
    noise: Floats

    @property
    def counted(self) -> float:
        """Degrees of freedom that days are believed to have."""
        return BELIEVED * self.products.freedom

    @cached_property
    def ridge(self) -> Floats:
        """(M, N) precision of what is assumed, in units of the noise."""
        found: Floats = self.noise[:, None] / BELIEVED / self.deviation**2
        return found

    @cached_property
    def target(self) -> Floats:
        """(M, C) products with revenue, and with what is assumed."""
        found: Floats = self.products.with_revenue + np.repeat(self.ridge * self.mean, self.products.shapes, axis=1)
        return found

    @cached_property
    def square(self) -> Floats:
        """(M,) of revenue, and of what is assumed."""
        found: Floats = self.products.revenue + self.ridge @ self.mean**2
        return found

    def weigh(self, gram: Floats, target: Floats, memories: Places) -> tuple[Floats, Floats, Floats, Floats]:
        """For S times products of N columns (S, N, N), and with what they are to explain (S, N), under memories (S,):
        log evidence, factors (S, N), inverse precision (S, N, N) and residual variance (S,)."""
        ridge, square = self.ridge[memories], self.square[memories]
        precision = gram + ridge[:, :, None] * np.eye(gram.shape[1])
        inverse = np.linalg.inv(precision)
        factors = np.einsum("sij,sj->si", inverse, target)
        rest = np.maximum(square - np.einsum("si,si->s", factors, target), 1e-12 * square)
        log_evidence = BELIEVED * self.products.log_size[memories] + 0.5 * np.log(ridge).sum(axis=1)
        log_evidence -= 0.5 * np.linalg.slogdet(precision)[1] + 0.5 * self.counted * np.log(rest)
        return log_evidence, factors, inverse, rest / self.counted

    def weigh_nodes(self, network: int, picks: Places, memories: Places) -> Floats:
        """(S, K) log evidence of each node for one network, given those of the others (S, N), less a constant: one
        column beside those of the others is a Schur complement."""
        others = np.delete(np.arange(picks.shape[1]), network)
        place, chosen = memories[:, None], picks[:, others]
        tried = np.arange(network * self.products.shapes, (network + 1) * self.products.shapes)
        gram = self.products.gram
        precision = gram[place[:, :, None], chosen[:, :, None], chosen[:, None, :]]
        inverse = np.linalg.inv(precision + self.ridge[place, others][:, :, None] * np.eye(len(others)))
        target, square = self.target[place, chosen], self.square[memories]
        beside = gram[place[:, :, None], chosen[:, :, None], tried]
        own = gram[place, tried, tried] + self.ridge[memories, network][:, None]
        left = own - (beside * (inverse @ beside)).sum(axis=1)
        factors = np.einsum("sij,sj->si", inverse, target)
        along = self.target[place, tried] - np.einsum("sik,si->sk", beside, factors)
        known = square - np.einsum("si,si->s", target, factors)
        rest = np.maximum(known[:, None] - along**2 / left, 1e-12 * square[:, None])
        found: Floats = -0.5 * np.log(left) - 0.5 * self.counted * np.log(rest)
        return found


@dataclass
class Draws:
    """S selections of a shape for each of N networks, and of a memory.

    Attributes:
        nodes, weights: (S, N, 16) columns that each shape lies between, and their weights.
        memories: (S,) places of the memory.
        gram: (S, N, N) products of the shapes' columns, ``target``: (S, N) with what they are to explain.
    """

    nodes: Places
    weights: Floats
    memories: Places
    gram: Floats
    target: Floats

    def chances(self, shapes: int) -> Floats:
        """(N, K) the mean weight of each node."""
        networks = self.nodes.shape[1]
        found = np.bincount(self.nodes.ravel(), self.weights.ravel(), shapes * networks)
        chances: Floats = found.reshape(networks, shapes) / len(self.nodes)
        return chances

    def copy(self) -> Draws:
        return Draws(*(each.copy() for each in vars(self).values()))

    @classmethod
    def together(cls, parts: list[Draws]) -> Draws:
        """One after another."""
        return cls(*(np.concatenate(each) for each in zip(*(vars(part).values() for part in parts), strict=True)))


def draw(model: Model, *, seed: int) -> Draws:
    """Draw shapes and memories; sweep by sweep, ``CHAINS`` in each. The same seed gives the same."""
    dice = np.random.default_rng(seed)
    walk = _Walk(model, *_over_nodes(model, dice), dice)
    kept = []
    for sweep in range(SETTLING + SWEEPS):
        walk.sweep()
        if sweep >= SETTLING:
            kept.append(walk.now.copy())
    return Draws.together(kept)


def _over_nodes(model: Model, dice: np.random.Generator) -> tuple[Places, Places]:
    """(C, N) nodes and (C,) memories of chains that began apart, after ``WARM_UP`` sweeps."""
    networks, size, lengths = len(model.mean), model.products.shapes, len(model.products.revenue)
    picks = dice.integers(0, size, (CHAINS, networks)) + size * np.arange(networks)
    memories = dice.integers(0, lengths, CHAINS)
    for _ in range(WARM_UP):
        for network in range(networks):
            weights = model.weigh_nodes(network, picks, memories) + np.log(plausible())
            picks[:, network] = size * network + _choose(weights, dice)
        tried, every = np.repeat(picks, lengths, axis=0), np.tile(np.arange(lengths), CHAINS)
        gram = model.products.gram[every[:, None, None], tried[:, :, None], tried[:, None, :]]
        weights = model.weigh(gram, model.target[every[:, None], tried], every)[0]
        memories = _choose(weights.reshape(CHAINS, -1), dice)
    return picks % size, memories


def _choose(log_weights: Floats, dice: np.random.Generator) -> Places:
    """One of the columns for each row, in proportion to its weight (by Gumbel's maxima)."""
    chosen: Places = np.argmax(log_weights + dice.gumbel(size=log_weights.shape), axis=1)
    return chosen


class _Walk:
    """Chains that walk between the nodes; ``now`` is where they are."""

    def __init__(self, model: Model, picks: Places, memories: Places, dice: np.random.Generator) -> None:
        self.model, self.dice = model, dice
        self.first = model.products.shapes * np.arange(picks.shape[1])
        self.place = np.stack(np.unravel_index(picks, SIZES), axis=-1).astype(float)
        nodes, weights, self.log_chance = between(self.place)
        self.now = Draws(nodes + self.first[:, None], weights, memories, *([np.zeros(0)] * 2))
        self.now.gram, self.now.target = self._seen(memories)
        self.log_evidence = model.weigh(self.now.gram, self.now.target, memories)[0]

    def sweep(self) -> None:
        """Step with each network's shape, and with the memory."""
        for network in range(len(self.first)):
            for _ in range(MOVES):
                self._step(network)
        if len(self.model.products.revenue) > 1:
            self._step_memory()

    def _step(self, network: int) -> None:
        old, now = self.place[:, network], self.now
        length = 2 ** self.dice.uniform(SHORTEST, LONGEST_STEP, (len(old), 1))
        along = self.dice.random(old.shape) < 0.5
        place = _inside(old + length * along * self.dice.normal(size=old.shape))
        nodes, weights, log_chance = between(place)
        nodes = nodes + self.first[network]
        gram, target = now.gram.copy(), now.target.copy()
        memory, among = now.memories[:, None], self.model.products.gram
        beside = among[memory[:, :, None, None], nodes[:, :, None, None], now.nodes[:, None]]
        mixed = weights[:, None] @ beside.reshape(*weights.shape, -1)
        row = (mixed.reshape(now.weights.shape) * now.weights).sum(axis=2)
        own = among[memory[:, :, None], nodes[:, :, None], nodes[:, None, :]]
        row[:, network] = (weights[:, None] @ own @ weights[:, :, None])[:, 0, 0]
        gram[:, network, :] = gram[:, :, network] = row
        target[:, network] = (self.model.target[memory, nodes] * weights).sum(axis=1)
        log_evidence = self.model.weigh(gram, target, now.memories)[0]
        gained = log_evidence - self.log_evidence + log_chance - self.log_chance[:, network]
        taken = self._taken(gained)
        self.place[taken, network], self.log_chance[taken, network] = place[taken], log_chance[taken]
        now.nodes[taken, network], now.weights[taken, network] = nodes[taken], weights[taken]
        now.gram[taken], now.target[taken], self.log_evidence[taken] = gram[taken], target[taken], log_evidence[taken]

    def _step_memory(self) -> None:
        count, now = len(self.model.products.revenue), self.now
        asked = now.memories + self.dice.choice([-2, -1, 1, 2], len(now.memories))
        tried = np.clip(asked, 0, count - 1)
        gram, target = self._seen(tried)
        log_evidence = self.model.weigh(gram, target, tried)[0]
        taken = self._taken(log_evidence - self.log_evidence) & (asked == tried)
        now.memories[taken], self.log_evidence[taken] = tried[taken], log_evidence[taken]
        now.gram[taken], now.target[taken] = gram[taken], target[taken]

    def _taken(self, gained: Floats) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = np.log(self.dice.random(len(gained))) < gained
        return chosen

    def _seen(self, memories: Places) -> tuple[Floats, Floats]:
        """(C, N, N) products of all shapes' columns under memories (C,), and (C, N) with what they are to explain."""
        nodes, weights = self.now.nodes, self.now.weights
        memory = memories[:, None, None]
        gram = self.model.products.gram[memory[..., None, None], nodes[:, :, :, None, None], nodes[:, None, None]]
        products = np.einsum("cia,ciajb,cjb->cij", weights, gram, weights, optimize=True)
        return products, (self.model.target[memory, nodes] * weights).sum(axis=2)


def _inside(place: Floats) -> Floats:
    """Thrown back at the ends of the axes."""
    ends = np.array(SIZES) - 1.0
    around = np.mod(place, 2 * ends)
    found: Floats = np.minimum(around, 2 * ends - around)
    return found
