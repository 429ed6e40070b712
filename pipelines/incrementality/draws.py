"""What days say, given how each network works over time and how long noise lasts: factors and noise have a closed form.

It needs nothing but the products of the columns of the shapes' dictionary: that of two shapes between its nodes is a
weighted sum. What is left is drawn (``walk``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.incrementality.evidence import Floats

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

    def beside(self, network: int, gram: Floats, target: Floats, memories: Places) -> Beside:
        """One network beside the others, given the products of their columns (S, N - 1, N - 1), and with what they are
        to explain (S, N - 1), under memories (S,)."""
        ridge, others = self.ridge[memories], np.delete(np.arange(len(self.mean)), network)
        inverse = np.linalg.inv(gram + ridge[:, others, None] * np.eye(len(others)))
        factors = np.einsum("sij,sj->si", inverse, target)
        square = self.square[memories]
        return Beside(
            inverse, factors, square - np.einsum("si,si->s", target, factors), square, ridge[:, network], self.counted
        )

    def weigh_nodes(self, network: int, picks: Places, memories: Places) -> Floats:
        """(S, K) log evidence of each node for one network, given those of the others (S, N), less a constant."""
        place, chosen = memories[:, None], np.delete(picks, network, axis=1)
        tried = np.arange(network * self.products.shapes, (network + 1) * self.products.shapes)
        gram = self.products.gram
        products = gram[place[:, :, None], chosen[:, :, None], chosen[:, None, :]]
        others = self.beside(network, products, self.target[place, chosen], memories)
        with_others = gram[place[:, :, None], chosen[:, :, None], tried]
        return others.weigh(gram[place, tried, tried], with_others, self.target[place, tried])


@dataclass(frozen=True)
class Beside:
    """What S selections of columns of all networks but one leave for that one.

    Attributes:
        inverse: (S, N - 1, N - 1) of the others' precision, ``factors``: (S, N - 1) theirs.
        left, square: (S,) of the revenue, without and with what they explain.
        ridge: (S,) of the one.
    """

    inverse: Floats
    factors: Floats
    left: Floats
    square: Floats
    ridge: Floats
    counted: float

    def weigh(self, own: Floats, with_others: Floats, target: Floats) -> Floats:
        """(S, K) log evidence of columns of the one, less a constant (a Schur complement), from the products of each
        with itself (S, K), with the others' (S, N - 1, K), and with what is to be explained (S, K)."""
        alone = own + self.ridge[:, None] - (with_others * (self.inverse @ with_others)).sum(axis=1)
        along = target - (self.factors[:, None] @ with_others)[:, 0]
        rest = np.maximum(self.left[:, None] - along**2 / alone, 1e-12 * self.square[:, None])
        found: Floats = -0.5 * np.log(alone) - 0.5 * self.counted * np.log(rest)
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
