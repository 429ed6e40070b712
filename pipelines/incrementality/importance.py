"""Importance sampling: where to look, and how far weights can be trusted."""

from __future__ import annotations

import numpy as np

from pipelines.incrementality.evidence import Floats


def pareto_k(log_weights: Floats) -> float:
    """Shape of the generalised Pareto distribution that fits the largest importance weights (Zhang and Stephens,
    Technometrics 2009, as in Vehtari et al. 2024)."""
    weights = np.sort(np.exp(log_weights - log_weights.max()))
    size = int(min(0.2 * len(weights), 3 * np.sqrt(len(weights))))
    tail = weights[-size:] - weights[-size - 1]
    if tail[-1] <= 0:
        return -np.inf
    tail = np.maximum(tail, 1e-300)
    grid = 30 + int(np.sqrt(size))
    theta = 1 / tail[-1] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * tail[int(size / 4 + 0.5) - 1])
    shape = -np.log1p(-theta[:, None] * tail[None, :]).mean(axis=1)
    likelihood = size * (np.log(theta / shape) + shape - 1)
    chance = 1 / np.exp(likelihood[None, :] - likelihood[:, None]).sum(axis=1)
    best = float((theta * chance).sum() / chance.sum())
    found = float(np.log1p(-best * tail).mean())
    return (found * size + 5) / (size + 10)  # towards 0.5, as is the custom where few are in the tail


def sobol(points: int, center: Floats, root: Floats) -> Floats:
    """(P, D) points of a Sobol sequence as of a normal with this center and root."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    uniform = qmc.Sobol(len(center), scramble=False).random(points)
    place: Floats = center + ndtri(uniform + 0.5 / points) @ root.T  # the middle of each cell: the first point is 0
    return place


def fitted(place: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Center and root of a normal that is a little wider than the weighted points."""
    center = weights @ place
    apart = place - center
    spread = (apart * weights[:, None]).T @ apart
    return center, np.linalg.cholesky(1.5 * spread + 0.05 * np.eye(len(center)))
