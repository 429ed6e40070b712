"""The picture of how far the attribution models disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from pipelines.report.charts import Canvas
from pipelines.report.figures import compact, money, shorten
from pipelines.report.svg import EMPTY, drawing, label, line, scale, tag, ticks


@dataclass(frozen=True)
class ModelRange:
    """What one network is credited with under each model: (index, name, revenue) of the models."""

    name: str
    style: str
    credited: tuple[tuple[int, str, Decimal], ...]

    @property
    def lowest(self) -> Decimal:
        return min((revenue for *_, revenue in self.credited), default=Decimal(0))

    @property
    def highest(self) -> Decimal:
        return max((revenue for *_, revenue in self.credited), default=Decimal(0))

    @property
    def words(self) -> str:
        credited = (f"{model} {money(revenue)}" for _, model, revenue in self.credited)
        return f"{self.name}: {', '.join(credited)}"


def model_ranges(ranges: Sequence[ModelRange], canvas: Canvas) -> Markup:
    """A dot for each model on one line per network: the longer the line, the more the models disagree.

    Above the dots lie rings of the class ``k<index>``, of which the page shows those of the chosen model.
    """
    narrow = canvas.is_narrow
    left, step, top = (6.0, 46.0, 6.0) if narrow else (166.0, 36.0, 6.0)
    length = canvas.width - left - (20 if narrow else 130)
    bottom = top + step * len(ranges)
    axis = ticks(max((float(row.highest) for row in ranges), default=0.0), count=3 if narrow else 4)
    body = EMPTY
    for value in axis:
        x = left + scale(value, axis[-1], length)
        anchor = "end" if narrow and value == axis[-1] else "middle" if value else None
        body += line(x, top, x, bottom, class_="grid")
        body += label(compact(value), x, bottom + 18, anchor=anchor, class_="tick")
    for index, row in enumerate(ranges):
        y = top + step * index + (32 if narrow else 18)
        extent = f"{compact(row.lowest)} to {compact(row.highest)}"
        if narrow:
            body += label(shorten(row.name, 26), 0, y - 14, class_="name")
        else:
            body += label(shorten(row.name, 21), left - 18, y + 4, anchor="end", class_="name")
        body += label(extent, canvas.width, y - 14 if narrow else y + 4, anchor="end", class_="quiet")
        body += _dots(row, y, canvas.currency, left=left, per_unit=length / axis[-1] if axis[-1] else 0.0)
    title = f"Credited revenue of each network under every model ({canvas.currency})"
    said = "; ".join(row.words for row in ranges) + "."
    return drawing(body, width=canvas.width, height=bottom + 26, key=canvas.key, title=title, description=said)


def _dots(row: ModelRange, y: float, currency: str, *, left: float, per_unit: float) -> Markup:
    """One network's line, from the lowest to the highest, with a dot for each model."""

    def spot(revenue: Decimal) -> float:
        return left + max(float(revenue), 0.0) * per_unit

    body = line(spot(row.lowest), y, spot(row.highest), y, class_=f"range {row.style}")
    for _, model, revenue in row.credited:
        hint = tag("title", f"{row.name}, {model}: {currency} {money(revenue)}")
        body += tag("circle", hint, cx=spot(revenue), cy=y, r=5, class_=f"dot {row.style}")
    for index, _, revenue in row.credited:
        body += tag("circle", cx=spot(revenue), cy=y, r=7, class_=f"chosen k{index}")
    return body
