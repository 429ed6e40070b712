"""The picture of what networks caused: an interval for each, with its credit and its cost beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from pipelines.report.caused import Caused
from pipelines.report.charts import Canvas
from pipelines.report.figures import money
from pipelines.report.ladder import Rung, Spot, ladder
from pipelines.report.svg import drawing, line, tag


def caused_intervals(found: Sequence[Caused], styles: Mapping[str, str], canvas: Canvas, *, rule: str) -> Markup:
    """One line for each network: a bar from the lower to the upper end of the interval, a dot where it most likely is,
    a diamond at what it is credited with, a cross at what its ad manager claims, and a stroke at what it cost."""
    shown = [row for row in found if row.high is not None]
    ends = ((row.high, row.credited, row.claimed, row.spend) for row in shown)
    most = max((float(max(each or 0 for each in row)) for row in ends), default=0.0)
    zero = Decimal(0)
    rungs = [
        Rung(
            row.display_name, row.low or zero, row.high or zero, partial(_marks, row, styles.get(row.network, "other"))
        )
        for row in shown
    ]
    body, height = ladder(rungs, canvas, most=most)
    said = "; ".join(_words(row, canvas.currency, rule) for row in shown) + "."
    title = f"What each network caused, with its 90 % interval ({canvas.currency})"
    return drawing(body, width=canvas.width, height=height, key=canvas.key, title=title, description=said)


def _words(row: Caused, currency: str, rule: str) -> str:
    point = f", most likely {money(row.point)}" if row.point is not None else ""
    credited = f"; {rule} credits {money(row.credited)}" if row.credited is not None else ""
    claimed = f"; its ad manager claims {money(row.claimed)}" if row.claimed is not None else ""
    return f"{row.display_name}: {currency} {money(row.low)} to {money(row.high)}{point}{credited}{claimed}"


def _marks(row: Caused, style: str, y: float, spot: Spot) -> Markup:
    body = tag(
        "rect", x=spot(row.low), y=y - 6, width=max(spot(row.high) - spot(row.low), 2), height=12, rx=6,
        class_=f"{style} interval",
    )  # fmt: skip
    if row.point is not None:
        body += tag("circle", cx=spot(row.point), cy=y, r=6, class_=f"dot {style}")
    if row.credited is not None:
        x = spot(row.credited)
        body += tag("path", d=f"M{x:.1f} {y - 6} l6 6 l-6 6 l-6 -6 z", class_="credited")
    if row.claimed is not None:
        x = spot(row.claimed)
        body += tag("path", d=f"M{x - 5:.1f} {y - 5} l10 10 m0 -10 l-10 10", class_="claimed")
    if row.spend:
        body += line(spot(row.spend), y - 11, spot(row.spend), y + 11, class_="cost-mark")
    return body
