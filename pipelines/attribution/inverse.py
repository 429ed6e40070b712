"""Single entries of the inverse of a large sparse matrix: its diagonal, from one elimination.

The matrix is A = diag(d) - F with F >= 0 (no diagonal), leak >= 0 and d = F 1 + leak: what leaves a state is what goes
on and what leaks out. States that have no transition among each other are eliminated together. For such a set E and
the rest R, the elimination leaves on R a matrix of the same kind,

    F' = F_RR + F_RE D_E^-1 F_ER (without its diagonal),    leak' = leak_R + F_RE D_E^-1 leak_E,

in which d is summed anew and never subtracted (Grassmann, Taksar, Heyman 1985), so nothing cancels however rarely a
state is left. Once Z = A^-1 is known where F' (transposed) has entries, it follows for E (Takahashi 1973):

    Z_kj = sum_l F_kl Z_lj / d_k,    Z_lk = sum_j Z_lj F_jk / d_k,    Z_kk = (1 + sum_lj F_kl Z_lj F_jk / d_k) / d_k

with l after k and j before k: the pairs (j, l) are where eliminating k put an entry, so nothing else is ever asked for.
What remains when all states follow almost all others is dense, and is inverted as such.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Entries = Callable[[Integers, Integers], Floats]

SMALL = 600
FULL = 0.12
"""At most this many states, or when so large a share of all pairs has an entry, the rest is inverted as a whole."""


def solve_and_invert(flow: Any, leak: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Solve A X = right, and give the diagonal of A^-1.

    Args:
        flow: F, sparse, square; its diagonal is of no account.
        leak: what leaves each state and goes to no other one.
        right: right-hand sides, >= 0, one column each.

    Returns:
        X, and the diagonal.
    """
    solved, entries = _eliminate(_bare(flow.tocsr()), leak, right)
    every = np.arange(len(leak))
    return solved, entries(every, every)


def _eliminate(flow: Any, leak: Floats, right: Floats) -> tuple[Floats, Entries]:
    """The solution, and a look-up of Z where flow, transposed, has an entry or on the diagonal."""
    size = len(leak)
    if size <= SMALL or flow.nnz > FULL * size * size:
        return _dense(flow, leak, right)
    gone = _independent(flow)
    kept = np.flatnonzero(~gone)
    lost = np.flatnonzero(gone)
    leaves = (flow.sum(axis=1) + leak)[lost]
    after, before = flow[lost][:, kept].tocsr(), flow[kept][:, lost].tocsc()
    through = before.multiply(1 / leaves[None, :]).tocsr()
    rest = _bare((flow[kept][:, kept] + through @ after).tocsr())
    solved, entries = _eliminate(rest, leak[kept] + through @ leak[lost], right[kept] + through @ right[lost])
    whole = np.empty_like(right)
    whole[kept] = solved
    whole[lost] = (right[lost] + after @ solved) / leaves[:, None]
    return whole, _extended(flow, entries, (kept, lost), (after, before), leaves)


def _dense(flow: Any, leak: Floats, right: Floats) -> tuple[Floats, Entries]:
    from scipy.linalg import inv

    matrix = -flow.toarray()
    np.fill_diagonal(matrix, flow.sum(axis=1) + leak)
    inverse = inv(matrix, overwrite_a=True, check_finite=False)
    return inverse @ right, lambda rows, columns: inverse[rows, columns]


def _extended(
    flow: Any, entries: Entries, parts: tuple[Integers, Integers], near: tuple[Any, Any], leaves: Floats
) -> Entries:
    """The look-up for a matrix, from the look-up for what was left of it."""
    (kept, lost), (after, before), size = parts, near, flow.shape[0]
    outs, ins = np.diff(after.indptr), np.diff(before.indptr)
    pairs = outs * ins
    node = np.repeat(np.arange(len(lost)), pairs)
    within = np.arange(len(node)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    out = after.indptr[node] + within // ins[node]
    come = before.indptr[node] + within % ins[node]
    value = entries(after.indices[out], before.indices[come])
    forth = np.bincount(come, after.data[out] * value, minlength=before.nnz)
    back = np.bincount(out, before.data[come] * value, minlength=after.nnz)
    came, went = np.repeat(np.arange(len(lost)), ins), np.repeat(np.arange(len(lost)), outs)
    around = np.bincount(came, before.data * forth, minlength=len(lost))
    stayed = flow[kept][:, kept].tocoo()
    every = np.arange(len(kept))
    rows = [kept[stayed.col], kept, lost, lost[came], kept[after.indices]]
    columns = [kept[stayed.row], kept, lost, kept[before.indices], lost[went]]
    values = [
        entries(stayed.col, stayed.row),
        entries(every, every),
        (1 + around / leaves) / leaves,
        forth / leaves[came],
        back / leaves[went],
    ]
    return _lookup(np.concatenate(rows).astype(np.int64) * size + np.concatenate(columns), np.concatenate(values), size)


def _lookup(keys: Integers, values: Floats, size: int) -> Entries:
    """Entries by row and column. One that is not there was so small that it vanished, and counts as nothing."""
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]

    def entries(rows: Integers, columns: Integers) -> Floats:
        wanted = rows.astype(np.int64) * size + columns
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[places] == wanted, values[places], 0.0)

    return entries


def _independent(flow: Any) -> NDArray[np.bool_]:
    """States to eliminate together: no two follow each other, and those come first that leave few new entries."""
    size = flow.shape[0]
    around = (flow + flow.T).tocsr()
    fill = np.diff(flow.indptr).astype(np.int64) * np.diff(flow.tocsc().indptr)
    rank = np.empty(size, np.int64)
    rank[np.lexsort((np.arange(size), fill))] = np.arange(size)
    open_, chosen = fill <= max(4, int(np.quantile(fill, 0.6))), np.zeros(size, bool)
    filled = np.flatnonzero(np.diff(around.indptr))
    for _ in range(4):
        if not open_.any():
            break
        mine, least = np.where(open_, rank, size), np.full(size, size)
        least[filled] = np.minimum.reduceat(mine[around.indices], around.indptr[filled])
        picked = open_ & (mine < least)
        chosen |= picked
        open_ &= ~picked & ~((around @ picked.astype(np.float64)) > 0)
    return chosen


def _bare(matrix: Any) -> Any:
    """A sparse matrix without its diagonal."""
    found = matrix.tocoo()
    off = found.row != found.col
    from scipy.sparse import csr_array

    return csr_array((found.data[off], (found.row[off], found.col[off])), shape=matrix.shape)
