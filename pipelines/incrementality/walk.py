"""Draws of how each network works over time, and of how long noise lasts, given the days.

Given shapes and memory, factors and noise have a closed form (``draws``); what is left is drawn from its marginal
posterior. Chains first go over the nodes of the dictionary by Gibbs sampling, which finds where the posterior is from
anywhere; then by Metropolis steps of many lengths over all that lies between the nodes (Metropolis et al. 1953; lengths
drawn at random mix over narrow and wide posteriors alike), several with one network while the others stay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.draws import Draws, Model, Places
from pipelines.incrementality.evidence import Floats
from pipelines.incrementality.shapes import SIZES, between, plausible

CHAINS, WARM_UP, SWEEPS = 32, 12, 60
MOVES, SETTLING = 16, 12
"""Steps of each network's shape in a sweep, and sweeps between the nodes before draws are kept."""
SHORTEST, LONGEST_STEP = -5.0, 1.0
"""Base-2 logarithm of a step's length, in steps of the grid."""


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
        nodes, weights, _ = between(self.place)
        self.now = Draws(nodes + self.first[:, None], weights, memories, *([np.zeros(0)] * 2))
        self.now.gram, self.now.target = self._seen(memories)

    def sweep(self) -> None:
        """Step with each network's shape, and with the memory."""
        for network in range(len(self.first)):
            self._step_shape(network)
        if len(self.model.products.revenue) > 1:
            self._step_memory()

    def _step_shape(self, network: int) -> None:
        now, one = self.now, _One(self.model, self.now, network)
        here = one.at(self.place[:, network])
        for _ in range(MOVES):
            length = 2 ** self.dice.uniform(SHORTEST, LONGEST_STEP, (len(here.place), 1))
            along = self.dice.random(here.place.shape) < 0.5
            there = one.at(_inside(here.place + length * along * self.dice.normal(size=here.place.shape)))
            taken = self._taken(there.chance - here.chance)
            for old, new in zip(here, there, strict=True):
                old[taken] = new[taken]
        self.place[:, network], now.weights[:, network] = here.place, here.weights
        now.nodes[:, network] = here.nodes + self.first[network]
        now.gram[:, network, one.others] = now.gram[:, one.others, network] = here.with_others
        now.gram[:, network, network], now.target[:, network] = here.own, here.target

    def _step_memory(self) -> None:
        count, now = len(self.model.products.revenue), self.now
        asked = now.memories + self.dice.choice([-2, -1, 1, 2], len(now.memories))
        tried = np.clip(asked, 0, count - 1)
        gram, target = self._seen(tried)
        before = self.model.weigh(now.gram, now.target, now.memories)[0]
        taken = self._taken(self.model.weigh(gram, target, tried)[0] - before) & (asked == tried)
        now.memories[taken], now.gram[taken], now.target[taken] = tried[taken], gram[taken], target[taken]

    def _taken(self, gained: Floats) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = np.log(self.dice.random(len(gained))) < gained
        return chosen

    def _seen(self, memories: Places) -> tuple[Floats, Floats]:
        """(C, N, N) products of all shapes' columns under memories (C,), and (C, N) with what they are to explain."""
        nodes, weights = self.now.nodes, self.now.weights
        gram = self.model.products.gram
        around, memory = nodes.reshape(len(nodes), -1), memories[:, None, None]
        rows = gram[memory, around[:, :, None], around[:, None]].reshape(*around.shape, *weights.shape[1:])
        mixed = (rows * weights[:, None]).sum(axis=3).reshape(*weights.shape, -1)
        products: Floats = (mixed * weights[..., None]).sum(axis=2)
        return products, (self.model.target[memory, nodes] * weights).sum(axis=2)


class _Shapes(NamedTuple):
    """One network's shapes in C chains: where they are, the nodes (C, 16) around them among the network's own, and
    their weights; products with the others' columns (C, N - 1), with themselves and with what they are to explain (C,);
    and the log of how likely they are, given the others and the memory, less a constant."""

    place: Floats
    nodes: Places
    weights: Floats
    with_others: Floats
    own: Floats
    target: Floats
    chance: Floats


class _One:
    """One network, while the shapes of the others and the memories stay: what its nodes are to the others is looked up
    once, for all steps."""

    def __init__(self, model: Model, now: Draws, network: int) -> None:
        size, memory = model.products.shapes, now.memories
        mine = slice(network * size, (network + 1) * size)
        self.others = np.delete(np.arange(now.nodes.shape[1]), network)
        rows = model.products.gram[memory[:, None, None], now.nodes[:, self.others], mine]
        self.with_others = (now.weights[:, self.others, None] @ rows)[:, :, 0]
        self.gram, self.memory = model.products.gram[:, mine, mine], memory[:, None, None]
        self.target = model.target[memory, mine]
        gram, target = now.gram[:, self.others[:, None], self.others], now.target[:, self.others]
        self.beside = model.beside(network, gram, target, memory)

    def at(self, place: Floats) -> _Shapes:
        """Shapes at these places (C, 4)."""
        nodes, weights, chance = between(place)
        own = weights[:, None] @ self.gram[self.memory, nodes[:, :, None], nodes[:, None]] @ weights[:, :, None]
        with_others = np.take_along_axis(self.with_others, nodes[:, None], axis=2) @ weights[:, :, None]
        target = (np.take_along_axis(self.target, nodes, axis=1) * weights).sum(axis=1)
        chance = chance + self.beside.weigh(own[:, 0], with_others, target[:, None])[:, 0]
        return _Shapes(place.copy(), nodes, weights, with_others[:, :, 0], own[:, 0, 0], target, chance)


def _inside(place: Floats) -> Floats:
    """Thrown back at the ends of the axes."""
    ends = np.array(SIZES) - 1.0
    around = np.mod(place, 2 * ends)
    found: Floats = np.minimum(around, 2 * ends - around)
    return found
