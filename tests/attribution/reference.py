"""A second opinion, slow and plain: chains in fractions, one state removed at a time; games by their definition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, permutations

Path = tuple[str, ...]
Walked = tuple[Path, int, int]
"""A path, its conversions and its nulls."""


def probability(journeys: Sequence[Walked], *, order: int, without: str | None = None) -> Fraction:
    """The chance to convert from the start, by Gaussian elimination; ``without``: whoever comes there is lost."""
    counts: dict[Path, dict[Path | str, int]] = defaultdict(lambda: defaultdict(int))
    for path, conversions, nulls in journeys:
        weight = conversions + nulls
        if not path or not weight:
            continue
        contexts = [()] + [path[max(0, place + 1 - order) : place + 1] for place in range(len(path))]
        for here, there in pairwise(contexts):
            counts[here][there] += weight
        counts[contexts[-1]]["conversion"] += conversions
        counts[contexts[-1]]["null"] += nulls
    live = [context for context in counts if not (context and context[-1] == without)]
    place = {context: number for number, context in enumerate(live)}
    rows = []
    for context in live:
        total = sum(counts[context].values())
        row = [Fraction(0)] * (len(live) + 1)
        row[place[context]] += 1
        for there, count in counts[context].items():
            if there == "conversion":
                row[-1] += Fraction(count, total)
            elif there in place:
                row[place[there]] -= Fraction(count, total)
        rows.append(row)
    return _solved(rows)[place[()]] if rows else Fraction(0)


def removal_effects(journeys: Sequence[Walked], *, order: int = 1) -> dict[str, Fraction]:
    whole = probability(journeys, order=order)
    states = {state for path, *_ in journeys for state in path}
    converting = {state for path, conversions, _ in journeys if conversions for state in path}
    return {
        state: 1 - probability(journeys, order=order, without=state) / whole if state in converting else Fraction(0)
        for state in states
    }


def shapley(journeys: Sequence[tuple[Path, int]]) -> dict[str, Fraction]:
    """The mean of what each state adds when it joins, over every order in which the states can join."""
    states = sorted({state for path, _ in journeys for state in path})

    def earned(coalition: set[str]) -> int:
        return sum(worth for path, worth in journeys if path and set(path) <= coalition)

    values = dict.fromkeys(states, Fraction(0))
    orders = list(permutations(states))
    for joining in orders:
        there: set[str] = set()
        for state in joining:
            before = earned(there)
            there.add(state)
            values[state] += Fraction(earned(there) - before, len(orders))
    return values


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    size = len(rows)
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        factor = rows[column][column]
        rows[column] = [value / factor for value in rows[column]]
        for row in range(size):
            if row != column and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [mine - factor * its for mine, its in zip(rows[row], rows[column], strict=True)]
    return [row[-1] for row in rows]
