"""One line for each network on a common axis of money: what pictures of ranges and of intervals stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from pipelines.report.charts import Canvas
from pipelines.report.figures import compact, shorten
from pipelines.report.svg import EMPTY, label, line, scale, ticks

Spot = Callable[[Decimal | None], float]
"""Where an amount stands on the axis."""


@dataclass(frozen=True)
class Rung:
    """A network's line: its name, from where to where it reaches, and what draws its marks at a height."""

    name: str
    lowest: Decimal
    highest: Decimal
    marks: Callable[[float, Spot], Markup]


def ladder(rungs: Sequence[Rung], canvas: Canvas, *, most: float) -> tuple[Markup, float]:
    """Axis, names, extents and marks of all lines, and how high they are.

    Args:
        most: the largest amount that is marked.
    """
    narrow = canvas.is_narrow
    left, step, top = (6.0, 46.0, 6.0) if narrow else (166.0, 36.0, 6.0)
    length = canvas.width - left - (20 if narrow else 150)
    bottom = top + step * len(rungs)
    axis = ticks(most, count=3 if narrow else 4)
    per_unit = length / axis[-1] if axis[-1] else 0.0
    body = EMPTY
    for value in axis:
        x = left + scale(value, axis[-1], length)
        anchor = "end" if narrow and value == axis[-1] else "middle" if value else None
        body += line(x, top, x, bottom, class_="grid")
        body += label(compact(value), x, bottom + 18, anchor=anchor, class_="tick")
    for index, rung in enumerate(rungs):
        y = top + step * index + (32 if narrow else 18)
        extent = f"{compact(rung.lowest)} to {compact(rung.highest)}"
        if narrow:
            body += label(shorten(rung.name, 26), 0, y - 14, class_="name")
        else:
            body += label(shorten(rung.name, 21), left - 18, y + 4, anchor="end", class_="name")
        body += label(extent, canvas.width, y - 14 if narrow else y + 4, anchor="end", class_="quiet")
        body += rung.marks(y, lambda amount: left + max(float(amount or 0), 0.0) * per_unit)
    return body, bottom + 26
