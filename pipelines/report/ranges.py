"""The picture of how far the attribution models disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from pipelines.report.charts import Canvas
from pipelines.report.figures import money
from pipelines.report.ladder import Rung, Spot, ladder
from pipelines.report.svg import drawing, line, tag


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
    rungs = [Rung(row.name, row.lowest, row.highest, partial(_dots, row, canvas.currency)) for row in ranges]
    body, height = ladder(rungs, canvas, most=max((float(row.highest) for row in ranges), default=0.0))
    title = f"Credited revenue of each network under every model ({canvas.currency})"
    said = "; ".join(row.words for row in ranges) + "."
    return drawing(body, width=canvas.width, height=height, key=canvas.key, title=title, description=said)


def _dots(row: ModelRange, currency: str, y: float, spot: Spot) -> Markup:
    """One network's line, from the lowest to the highest, with a dot for each model."""
    body = line(spot(row.lowest), y, spot(row.highest), y, class_=f"range {row.style}")
    for _, model, revenue in row.credited:
        hint = tag("title", f"{row.name}, {model}: {currency} {money(revenue)}")
        body += tag("circle", hint, cx=spot(revenue), cy=y, r=5, class_=f"dot {row.style}")
    for index, _, revenue in row.credited:
        body += tag("circle", cx=spot(revenue), cy=y, r=7, class_=f"chosen k{index}")
    return body
