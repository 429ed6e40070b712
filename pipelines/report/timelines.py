"""The pictures with time on the axis: revenue by period, and how far each network's data reaches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from markupsafe import Markup

from pipelines.report.charts import Canvas, Part
from pipelines.report.figures import MONTHS, compact, day, money, period_name, shorten, whole
from pipelines.report.health import Freshness
from pipelines.report.svg import EMPTY, bar, drawing, label, line, scale, tag, ticks

MONTHS_PER_STEP = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Column:
    """The revenue of one period, its parts from the bottom up."""

    start: date
    parts: tuple[Part, ...]

    @property
    def total(self) -> Decimal:
        return sum((part.amount for part in self.parts), Decimal(0))


def period_starts(first: date, last: date, grain: str) -> list[date]:
    """The first day of every period from the one of ``first`` to the one of ``last``, gaps included."""
    starts = []
    if grain == "week":
        current = first - timedelta(days=first.weekday())
        while current <= last:
            starts.append(current)
            current += timedelta(days=7)
        return starts
    step = MONTHS_PER_STEP[grain]
    month = first.year * 12 + (first.month - 1) // step * step
    while date(month // 12, month % 12 + 1, 1) <= last:
        starts.append(date(month // 12, month % 12 + 1, 1))
        month += step
    return starts


def _tick_name(start: date, grain: str) -> str:
    if grain == "week":
        return f"{start.day} {MONTHS[start.month - 1]}"
    return period_name(start, grain)


def revenue_columns(columns: Sequence[Column], canvas: Canvas, *, grain: str, title: str, height: int) -> Markup:
    """Stacked columns of money over time, one for each week, month, quarter or year."""

    def words(amount: Decimal) -> str:
        return f"{canvas.currency} {money(amount)}"

    highest = max((float(column.total) for column in columns), default=0.0)
    axis = ticks(highest, count=4 if height > 160 else 2)
    return _columns(columns, canvas, grain=grain, title=title, height=height, axis=axis, words=words)


def post_columns(columns: Sequence[Column], canvas: Canvas, *, grain: str, title: str, height: int) -> Markup:
    """Stacked columns of how many posts were published, with whole numbers on the axis."""

    def words(amount: Decimal) -> str:
        return "1 post" if amount == 1 else f"{whole(amount)} posts"

    highest = max((float(column.total) for column in columns), default=0.0)
    step = max(math.ceil(ticks(highest, count=3)[1]), 1) if highest else 1
    axis = [float(step * index) for index in range(math.ceil(highest / step) + 1)]
    return _columns(columns, canvas, grain=grain, title=title, height=height, axis=axis, words=words)


def _columns(
    columns: Sequence[Column],
    canvas: Canvas,
    *,
    grain: str,
    title: str,
    height: int,
    axis: list[float],
    words: Callable[[Decimal], str],
) -> Markup:
    left, top, floor = 46.0, 10.0, height - 26.0
    body = EMPTY
    for value in axis:
        y = floor - scale(value, axis[-1], floor - top)
        body += line(left, y, canvas.width, y, class_="grid")
        body += label(compact(value), left - 6, y + 4, anchor="end", class_="tick")
    slot = (canvas.width - left - 4) / max(len(columns), 1)
    every = max(1, round(len(columns) / (4 if canvas.is_narrow else 10)))
    for index, column in enumerate(columns):
        x, y = left + slot * index, floor
        width = min(max(slot * 0.8, 1.0), 64.0)
        when = period_name(column.start, grain)
        for part in column.parts:
            size = scale(float(part.amount), axis[-1], floor - top)
            y -= size
            body += tag(
                "rect",
                tag("title", f"{part.name}, {when}: {words(part.amount)}"),
                x=x + (slot - width) / 2,
                y=y,
                width=width,
                height=size,
                class_=part.style,
            )
        if index % every == 0:
            body += label(_tick_name(column.start, grain), x + slot / 2, height - 8.0, anchor="middle", class_="tick")
    said = f"{len(columns)} {grain}s, {words(sum((column.total for column in columns), Decimal(0)))} together"
    peak = max(columns, key=lambda column: column.total, default=None)
    if peak and peak.total:
        said += f"; the highest is {period_name(peak.start, grain)} with {words(peak.total)}"
    return drawing(body, width=canvas.width, height=height, key=canvas.key, title=title, description=said + ".")


def coverage(rows: Sequence[Freshness], styles: dict[str, str], canvas: Canvas, *, through: date | None) -> Markup:
    """A line for each network from the first to the last day of its metrics."""
    narrow = canvas.is_narrow
    left, step, top = (0.0, 42.0, 4.0) if narrow else (160.0, 30.0, 4.0)
    known = [(row, row.first_day, row.last_day) for row in rows if row.first_day and row.last_day]
    first = min((start for _, start, _ in known), default=date(2000, 1, 1))
    last = max([end for _, _, end in known] + ([through] if through else []), default=first)
    span = max((last - first).days + 1, 1)
    middle = canvas.width - left - 8
    bottom = top + step * len(known)
    body = EMPTY
    for index, (row, start, end) in enumerate(known):
        y = top + step * index + (24 if narrow else 8)
        x1 = left + (start - first).days / span * middle
        x2 = left + ((end - first).days + 1) / span * middle
        hint = f"{row.display_name}: {day(start)} to {day(end)}, {row.days} days with data"
        body += (
            label(shorten(row.display_name, 30), 0, y - 8, class_="name")
            if narrow
            else label(shorten(row.display_name, 21), left - 12, y + 11, anchor="end", class_="name")
        )
        body += tag("rect", x=left, y=y, width=middle, height=14, rx=2, class_="track")
        body += bar(x1, y, max(x2 - x1, 2.0), 14, class_=styles[row.network], hint=hint)
    body += label(day(first), left, bottom + 18, class_="tick")
    body += label(day(last), left + middle, bottom + 18, anchor="end", class_="tick")
    said = "; ".join(f"{row.display_name} to {day(end)}" for row, _, end in known)
    title = "Days covered by the metrics of each network"
    return drawing(body, width=canvas.width, height=bottom + 26, key=canvas.key, title=title, description=said + ".")
