"""The pictures of the report about money. Each takes a width, so that a phone gets a drawing of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from pipelines.report.figures import compact, listing, money, portion, ratio, shorten
from pipelines.report.svg import EMPTY, bar, drawing, label, line, scale, tag, ticks
from pipelines.report.values import NOT_STATED, NetworkRoi, has_cost

NARROW = 480


@dataclass(frozen=True)
class Canvas:
    """Where a picture is drawn: its width in pixels, its key in the page, the currency of its money."""

    width: int
    key: str
    currency: str

    @property
    def is_narrow(self) -> bool:
        return self.width <= NARROW


@dataclass(frozen=True)
class Part:
    """One named amount of a whole. ``style`` is the class that colours it."""

    name: str
    amount: Decimal
    style: str


def share_bar(parts: Sequence[Part], canvas: Canvas) -> Markup:
    """One bar, cut into the parts of all revenue."""
    total = float(sum(part.amount for part in parts)) or 1.0
    x, drawn, said = 0.0, EMPTY, []
    for part in parts:
        width = max(float(part.amount), 0.0) / total * canvas.width
        share = portion(float(part.amount) / total)
        words = f"{part.name}: {canvas.currency} {money(part.amount)} ({share})"
        drawn += bar(x, 0, max(width - 2, 0.5), 34, class_=part.style, hint=words)
        if width > 44:
            drawn += label(share, x + 10, 22, class_=f"on on-{part.style}")
        x += width
        said.append(words)
    title = "All revenue by where its credit went"
    return drawing(drawn, width=canvas.width, height=34, key=canvas.key, title=title, description="; ".join(said) + ".")


def _network_words(row: NetworkRoi, currency: str) -> str:
    cost = f"{currency} {money(row.cost)}" if row.cost is not None else "not declared"
    credited = f"{row.display_name}: credited {currency} {money(row.revenue_credited)}"
    return f"{credited}, cost {cost}, ROAS {ratio(row.roas)}"


def _roas_marker(row: NetworkRoi, x: float, y: float) -> Markup:
    """A filled dot where the revenue covers the cost, a hollow diamond where it does not."""
    if row.roas is None:
        return EMPTY
    if row.roas >= 1:
        return tag("circle", cx=x, cy=y, r=6, class_="gain")
    points = f"{x - 6:.1f},{y:.1f} {x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f}"
    return tag("polygon", points=points, class_="loss")


def _roas_words(row: NetworkRoi) -> str:
    if row.roas is not None:
        return ratio(row.roas)
    if row.costs_without_rate:
        return "cost without a rate"
    if row.network == NOT_STATED:
        return "counts in the total"
    return "no cost declared" if not row.cost else "revenue not known"


def network_bars(rows: Sequence[NetworkRoi], styles: dict[str, str], canvas: Canvas) -> Markup:
    """Credited revenue against cost for each network, beside it the ROAS and where cost is covered."""
    draw = _network_bars_narrow if canvas.is_narrow else _network_bars_wide
    body, height = draw(rows, styles, canvas)
    said = "; ".join(_network_words(row, canvas.currency) for row in rows)
    title = "Credited revenue, cost and ROAS by network"
    return drawing(body, width=canvas.width, height=height, key=canvas.key, title=title, description=said + ".")


def _highest(rows: Sequence[NetworkRoi]) -> float:
    return max((float(value) for row in rows for value in (row.revenue_credited, row.cost) if value), default=0.0)


@dataclass(frozen=True)
class _Frame:
    """The two panels of the wide picture: money from ``left``, ROAS from ``right``, each with its axis."""

    left: float
    middle: float
    right: float
    side: float
    money_axis: list[float]
    best_roas: float

    def money(self, value: Decimal | None) -> float:
        return scale(float(value or 0), self.money_axis[-1], self.middle)

    def roas(self, value: float) -> float:
        return self.right + scale(value, self.best_roas, self.side)


def _frame(rows: Sequence[NetworkRoi], canvas: Canvas) -> _Frame:
    left, gap, side = 160.0, 70.0, 200.0
    middle = canvas.width - left - gap - side - 56
    best = ticks(max([1.0, *(row.roas for row in rows if row.roas is not None)]))[-1]
    return _Frame(left, middle, left + middle + gap, side, ticks(_highest(rows)), best)


def _network_bars_wide(rows: Sequence[NetworkRoi], styles: dict[str, str], canvas: Canvas) -> tuple[Markup, float]:
    frame, top, step = _frame(rows, canvas), 30.0, 48.0
    bottom = top + step * len(rows)
    body = label("Credited revenue and cost", frame.left, 14, class_="head")
    body += label("ROAS", frame.right, 14, class_="head")
    for value in frame.money_axis:
        x = frame.left + scale(value, frame.money_axis[-1], frame.middle)
        body += line(x, top, x, bottom, class_="grid")
        body += label(compact(value), x, bottom + 18, anchor="middle", class_="tick")
    even = frame.roas(1.0)
    body += line(even, top, even, bottom, class_="even")
    anchor = "middle" if even - frame.right > 50 else None
    body += label("cost covered (1×)", even, bottom + 18, anchor=anchor, class_="tick")
    for index, row in enumerate(rows):
        body += _network_row(row, frame, top + step * index, style=styles[row.network], currency=canvas.currency)
    return body, bottom + 26


def _network_row(row: NetworkRoi, frame: _Frame, y: float, *, style: str, currency: str) -> Markup:
    left, words = frame.left, _network_words(row, currency)
    revenue = frame.money(row.revenue_credited)
    body = label(shorten(row.display_name, 21), left - 12, y + 28, anchor="end", class_="name")
    body += bar(left, y + 8, revenue, 18, class_=style, hint=words)
    body += label(compact(row.revenue_credited), left + revenue + 6, y + 21, class_="value halo")
    if has_cost(row):
        cost = frame.money(row.cost)
        body += bar(left, y + 29, cost, 8, class_="cost", hint=words)
        body += label(compact(row.cost), left + cost + 6, y + 37, class_="small")
    if row.roas is None:
        return body + label(_roas_words(row), frame.right, y + 27, class_="quiet halo")
    x = frame.roas(row.roas)
    body += line(frame.right, y + 23, x, y + 23, class_="stem") + _roas_marker(row, x, y + 23)
    return body + label(_roas_words(row), x + 12, y + 27, class_="value halo")


def _network_bars_narrow(rows: Sequence[NetworkRoi], styles: dict[str, str], canvas: Canvas) -> tuple[Markup, float]:
    step, middle = 60.0, canvas.width - 52.0
    highest = _highest(rows)
    body = EMPTY
    for index, row in enumerate(rows):
        y = step * index
        revenue = scale(float(row.revenue_credited or 0), highest, middle)
        body += label(shorten(row.display_name, 24), 0, y + 16, class_="name")
        body += label(_roas_words(row), canvas.width, y + 16, anchor="end", class_="value" if row.roas else "quiet")
        if row.roas is not None:
            words = _roas_words(row)
            body += _roas_marker(row, canvas.width - 16 - 7.2 * len(words), y + 12)
        body += bar(0, y + 23, revenue, 16, class_=styles[row.network], hint=_network_words(row, canvas.currency))
        body += label(compact(row.revenue_credited), revenue + 6, y + 36, class_="value")
        if has_cost(row):
            cost = scale(float(row.cost or 0), highest, middle)
            body += bar(0, y + 41, cost, 7, class_="cost") + label(compact(row.cost), cost + 6, y + 49, class_="small")
    return body, step * len(rows)


def part_bars(parts: Sequence[Part], total: Decimal, canvas: Canvas) -> Markup:
    """One bar for each part, with its amount and its share of the total."""
    narrow = canvas.is_narrow
    left, step = (0.0, 48.0) if narrow else (190.0, 34.0)
    middle = canvas.width - left - 130
    highest = max((float(part.amount) for part in parts), default=0.0)
    body = EMPTY
    for index, part in enumerate(parts):
        y = step * index + (22 if narrow else 6)
        width = scale(float(part.amount), highest, middle)
        share = portion(float(part.amount) / float(total)) if total else portion(None)
        name_at = (0.0, y - 6) if narrow else (left - 12, y + 15)
        body += label(shorten(part.name, 28), *name_at, anchor=None if narrow else "end", class_="name")
        body += bar(left, y, width, 20, class_=part.style, hint=f"{part.name}: {canvas.currency} {money(part.amount)}")
        body += label(f"{compact(part.amount)} ({share})", left + width + 8, y + 15, class_="value")
    title = "Revenue that is not credited to a social network, by channel"
    said = listing([f"{part.name} {money(part.amount)}" for part in parts], most=len(parts) or 1)
    return drawing(
        body,
        width=canvas.width,
        height=step * len(parts) + 6,
        key=canvas.key,
        title=title,
        description=said + ".",
    )
