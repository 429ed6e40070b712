"""Removal effects of all states at once, exactly.

Let Q hold the transition probabilities between contexts, N = (I - Q)^-1 the expected visits (the fundamental matrix),
c the probability to convert from each context and P that from the start. Removing a state sends everyone who would come
to it to null. A journey that converts without it never enters S, the contexts that end with the state; by the strong
Markov property at the first entry of S,

    P = P(without) + f . c_S,        removal effect = 1 - P(without) / P = f . c_S / P,

where f_j is the probability that the first entry of S is at j. Every visit of S comes at or after the first one, so the
expected visits of S from the start are x_S = f N_SS, thus f = x_S (N_SS)^-1. Order 1, where S is one state i:

    removal effect = (N_si / N_ii) c_i / P: the probability of ever coming to i, times that of converting from there.

Two things spare work and rounding. The counts come from whole journeys, so as many enter each context as leave it, and
x = v / W for v visits counted in W journeys: the start's row of N is counted, not solved for. Likewise P = C / W for
C conversions. With Z = (diag(v) - counts)^-1, whose matrix is whole numbers, N = Z diag(v) and all of the above becomes

    removal effect = 1^T (Z_SS)^-1 c_S / C;        order 1: c_i / (Z_ii C).

One elimination gives c and the diagonal of Z (``inverse.py``); with orders 2 and 3 the blocks Z_SS come from one sparse
factorisation. Nothing is simulated and no chain is solved again without a state. Repeated states are self-loops, which
stay: they are in N_ii.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.attribution.chain import Chain
from pipelines.attribution.inverse import solve_and_invert

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WHOLE = 2500
"""Up to so many contexts, a chain of order 2 or 3 is inverted as a whole; above, it is factorised as it is, sparse."""


@dataclass(frozen=True)
class Removal:
    """What was found for a chain.

    Attributes:
        effects: by state, the share of conversions that would be lost without it, 0 to 1. A state in no converting
            path has 0: no conversion that was seen would be lost, although the chain can imagine one.
        contexts: how many contexts the chain has.
        transitions: how many different transitions.
        condition: the condition of I - Q: at most twice the most touches still to be expected from anywhere. Times
            1e-16 it bounds the relative rounding error.
        residual: by how much conversions from the solution differ from those counted, relatively.
    """

    effects: Floats
    contexts: int
    transitions: int
    condition: float
    residual: float


def removal_effects(chain: Chain) -> Removal:
    """The removal effect of every state of a chain."""
    size, total = len(chain.groups), chain.conversions
    if size == 0 or total == 0:
        return Removal(np.zeros(len(chain.touched)), size, int(chain.flow.nnz), 1.0, 0.0)
    leak = chain.converted + chain.lost
    visits = chain.flow.sum(axis=1) + leak
    right = np.column_stack([chain.converted, visits])
    if size == len(np.unique(chain.groups)):
        solved, diagonal = solve_and_invert(chain.flow, leak, right)
        effects = np.zeros(len(chain.touched))
        effects[chain.groups] = solved[:, 0] / (diagonal * total)
    else:
        solved, effects = _grouped(chain, visits, right)
    converting, remaining = solved[:, 0], solved[:, 1]
    return Removal(
        effects=np.where(chain.touched, np.clip(effects, 0.0, 1.0), 0.0),
        contexts=size,
        transitions=int(chain.flow.nnz),
        condition=2.0 * float(remaining.max()),
        residual=abs(float(chain.starts @ converting) / total - 1.0),
    )


def _grouped(chain: Chain, visits: Floats, right: Floats) -> tuple[Floats, Floats]:
    """The solution, and the effects of states that several contexts end with."""
    from scipy.sparse import diags_array

    matrix = (diags_array(visits) - chain.flow).tocsc()
    solver = _solver(matrix)
    solved = solver(right)
    effects = np.zeros(len(chain.touched))
    order = np.argsort(chain.groups, kind="stable")
    bounds = np.flatnonzero(np.diff(chain.groups[order])) + 1
    for members in np.split(order, bounds):
        wanted = np.zeros((len(visits), len(members)))
        wanted[members, np.arange(len(members))] = 1.0
        block = solver(wanted)[members]
        first = np.linalg.solve(block, solved[members, 0])
        effects[chain.groups[members[0]]] = first.sum() / chain.conversions
    return solved, effects


def _solver(matrix: Any) -> Any:
    """A function that solves for dense right-hand sides."""
    if matrix.shape[0] <= WHOLE:
        from scipy.linalg import lu_factor, lu_solve

        factors = lu_factor(matrix.toarray(), overwrite_a=True, check_finite=False)
        return lambda right: lu_solve(factors, right, check_finite=False)
    from scipy.sparse.linalg import splu

    return splu(matrix, permc_spec="COLAMD", diag_pivot_thresh=0.0).solve
