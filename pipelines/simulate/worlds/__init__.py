"""Companies whose truth is known: one population of customers, what it met, what it bought, and what caused it."""

from __future__ import annotations

from pipelines.simulate.worlds.draw import draw
from pipelines.simulate.worlds.family import FAMILIES, Family
from pipelines.simulate.worlds.values import Observed, Test, Truth, World

__all__ = ["FAMILIES", "Family", "Observed", "Test", "Truth", "World", "draw"]
