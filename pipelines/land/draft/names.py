"""What a header means, by likeness with every name of every specification."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipelines.land.words import fold, words
from pipelines.schema import metrics
from pipelines.spec import load_specs

KnownNames = dict[str, Counter[tuple[str, str]]]
"""Folded header to the (field, type) that layouts read it as, counted."""

SURE = 1.0
LIKELY = 0.78
_NUMBERS = ("count", "amount", "duration")
_DAYS = ("date", "timestamp", "yearless_date")


@dataclass(frozen=True)
class Meaning:
    """The canonical name that a header seems to mean. ``doubt`` says why it is unsure; None where it is not."""

    field: str
    likeness: float
    doubt: str | None = None


def known_names() -> KnownNames:
    """Every header of the networks, and the metrics by their own names."""
    found: KnownNames = {}
    for spec in load_specs().values():
        if spec.kind != "network":
            continue
        for layout in spec.layouts:
            for name, field in layout.fields.items():
                for spelling in {fold(each) for names in field.names.values() for each in names}:
                    found.setdefault(spelling, Counter())[name, field.type] += 1
    for metric in metrics().values():
        found.setdefault(fold(metric.name), Counter())[
            metric.name, "amount" if metric.kind == "amount" else "count"
        ] += 1
    return found


def meaning(header: str, kind: str, names: KnownNames) -> Meaning | None:
    """The field that a column of this kind means; None where nothing is near enough.

    Only figures may mean metrics, only days may mean dates, and so on: a name that is known for another kind of value
    is no evidence.
    """
    folded = _bare(header)
    best: tuple[float, str, str] | None = None
    for spelling, counted in names.items():
        fitting = Counter({field: count for (field, known), count in counted.items() if _agrees(kind, known, field)})
        if not fitting:
            continue
        likeness = SURE if spelling == folded else _likeness(folded, spelling)
        if likeness >= LIKELY and (best is None or likeness > best[0]):
            best = (likeness, fitting.most_common(1)[0][0], spelling)
            rivals = sorted(name for name, count in fitting.items() if name != best[1] and count * 4 > fitting[best[1]])
            if likeness == SURE and rivals:
                return Meaning(best[1], likeness, f"elsewhere also {', '.join(rivals)}")
    if best is None:
        return None
    return Meaning(best[1], best[0], None if best[0] == SURE else f"by its likeness with {best[2]!r}")


def is_personal(header: str) -> bool:
    """Whether a header names what is about people and must not be kept."""
    return bool(words().personal.search(fold(header)))


def _bare(header: str) -> str:
    """A header without units and signs: ``Cost (EUR)`` is ``cost``."""
    return fold(re.sub(r"\([^)]*\)|[#*:]", " ", header))


def _agrees(kind: str, known: str, field: str) -> bool:
    if kind in _DAYS:
        return known in _DAYS
    if kind in _NUMBERS:
        return known in _NUMBERS and field in {*metrics(), "duration_seconds"}
    return kind == known or (kind == "text" and known == "text" and field not in ("network", "account"))


def _likeness(one: str, other: str) -> float:
    """0 to 1: of the letters, or of the words where all of one's stand in the other."""
    if abs(len(one) - len(other)) > max(len(one), len(other)) // 2:
        return 0.0
    shared = set(one.split()) & set(other.split())
    by_word = 2 * len(shared) / (len(one.split()) + len(other.split())) * 0.99
    return max(by_word, SequenceMatcher(None, one, other).ratio() * 0.97) if shared or len(one) > 5 else 0.0
