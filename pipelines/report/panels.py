"""Pictures and figures put together for each model: what the template lays out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from pipelines.report.charts import Canvas, Part, network_bars, part_bars, share_bar
from pipelines.report.figures import share
from pipelines.report.intervals import caused_intervals
from pipelines.report.ranges import ModelRange, model_ranges
from pipelines.report.story import Finding, cost_note, findings, model_label, model_rule
from pipelines.report.svg import hue
from pipelines.report.timelines import Column, coverage, period_starts, revenue_columns
from pipelines.report.values import (
    NO_TOUCH,
    NOT_STATED,
    OTHER_CHANNELS,
    ModelResult,
    NetworkRoi,
    ReportData,
    total_row,
)

WIDE, NARROW = 980, 340
MAX_CHANNELS = 10

Picture = tuple[Markup, Markup]
"""The same picture for a desk and for a phone."""


@dataclass(frozen=True)
class Panel:
    """All that is shown when one model is chosen."""

    index: int
    model: str
    label: str
    rule: str
    result: ModelResult
    total: NetworkRoi
    revenue: Decimal
    social_share: float | None
    action_share: float | None
    parts: tuple[Part, ...]
    channel_parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    cost_note: str | None
    best_action: float
    pictures: dict[str, Picture]


def both(draw: Callable[[Canvas], Markup], key: str, currency: str) -> Picture:
    """Draw for a desk and for a phone."""
    return draw(Canvas(WIDE, f"{key}-w", currency)), draw(Canvas(NARROW, f"{key}-n", currency))


def network_styles(data: ReportData) -> dict[str, str]:
    """The class that colours each network that is shown, by its order: the same in every picture."""
    shown = {row.network for result in data.models for row in result.networks}
    shown |= {row.network for row in data.health.freshness if row.last_day}
    shown |= {piece.series for result in data.models for piece in result.slices if piece.series in data.network_names}
    shown |= {row.network for row in data.attention.posts}
    styles = {network: hue(order) for order, network in enumerate(sorted(shown - {NOT_STATED}))}
    return {**styles, NOT_STATED: "other"}


def _columns(result: ModelResult, starts: Sequence[date], series: Sequence[tuple[str, str, str]]) -> list[Column]:
    """Revenue by period; ``series`` are (key, name, style) from the bottom of the stack up."""
    amounts: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for piece in result.slices:
        amounts[piece.period_start, piece.series] += piece.revenue
    return [
        Column(start, tuple(Part(name, amounts[start, key], style) for key, name, style in series)) for start in starts
    ]


def channel_name(channel: str) -> str:
    """A channel as people write it; the absence of any touch is said in words."""
    return "No known touch" if channel == NO_TOUCH else channel.replace("_", " ").capitalize()


def _channel_parts(result: ModelResult) -> tuple[Part, ...]:
    """Channels that are no network, the largest first, the small ones together, the untouched last."""
    ranked = sorted(
        (row for row in result.channels if row.channel != NO_TOUCH and row.revenue),
        key=lambda row: row.revenue or Decimal(0),
        reverse=True,
    )
    parts = [Part(channel_name(row.channel), row.revenue or Decimal(0), "other") for row in ranked[:MAX_CHANNELS]]
    rest = sum((row.revenue or Decimal(0) for row in ranked[MAX_CHANNELS:]), Decimal(0))
    parts += [Part(f"{len(ranked) - MAX_CHANNELS} more channels", rest, "other")] if rest else []
    untouched = sum((row.revenue or Decimal(0) for row in result.channels if row.channel == NO_TOUCH), Decimal(0))
    return (*parts, Part(channel_name(NO_TOUCH), untouched, "none")) if untouched else tuple(parts)


def _pictures(
    data: ReportData,
    result: ModelResult,
    *,
    index: int,
    parts: tuple[Part, ...],
    channel_parts: tuple[Part, ...],
) -> dict[str, Picture]:
    styles, currency, grain = network_styles(data), data.publication.currency, data.grain
    starts = period_starts(*data.period, grain) if data.period else []
    social = _columns(result, starts, [(n, data.network_names.get(n, n), style) for n, style in styles.items()])
    rest = _columns(result, starts, [(OTHER_CHANNELS, "Other channels", "other"), (NO_TOUCH, "No known touch", "none")])
    total = sum((part.amount for part in parts), Decimal(0))

    def over_time(columns: list[Column], title: str, height: int) -> Callable[[Canvas], Markup]:
        return lambda canvas: revenue_columns(columns, canvas, grain=grain, title=title, height=height)

    draws: dict[str, Callable[[Canvas], Markup]] = {
        "share": lambda canvas: share_bar(parts, canvas),
        "networks": lambda canvas: network_bars(result.networks, styles, canvas),
        "social": over_time(social, f"Revenue credited to social by network and {grain}", 280),
        "rest": over_time(rest, f"Revenue of other channels and of no known touch by {grain}", 130),
        "channels": lambda canvas: part_bars(channel_parts, total, canvas),
    }
    return {name: both(draw, f"m{index}-{name}", currency) for name, draw in draws.items()}


def panel(data: ReportData, result: ModelResult, index: int) -> Panel:
    """Everything that is shown for one model."""
    total = total_row(result.networks)
    social = total.revenue_credited or Decimal(0)
    channel_parts = _channel_parts(result)
    untouched = sum((part.amount for part in channel_parts if part.style == "none"), Decimal(0))
    other = sum((part.amount for part in channel_parts), Decimal(0)) - untouched
    parts = (
        Part("Social networks", social, "social"),
        Part("Other channels", other, "other"),
        Part("No known touch", untouched, "none"),
    )
    best = max((float(row.revenue_credited or 0) for row in result.actions), default=0.0)
    return Panel(
        index=index,
        model=result.model,
        label=model_label(result.model),
        rule=model_rule(result.model),
        result=result,
        total=total,
        revenue=social + other + untouched,
        social_share=share(social, social + other + untouched),
        action_share=share(result.actions_revenue, social),
        parts=parts,
        channel_parts=channel_parts,
        findings=findings(result, data.models, data.publication.currency),
        cost_note=cost_note(result.networks),
        best_action=best,
        pictures=_pictures(data, result, index=index, parts=parts, channel_parts=channel_parts),
    )


def comparison(data: ReportData) -> tuple[list[ModelRange], Picture]:
    """Every network under every model, in the order of the main model."""
    styles = network_styles(data)
    main = next(result for result in data.models if result.model == data.main_model)
    order = {row.network: place for place, row in enumerate(main.networks)}
    rows: dict[str, list[tuple[int, str, Decimal]]] = defaultdict(list)
    names: dict[str, str] = {}
    for index, result in enumerate(data.models):
        for row in result.networks:
            if row.network != NOT_STATED and row.revenue_credited is not None:
                rows[row.network].append((index, model_label(result.model), row.revenue_credited))
                names[row.network] = row.display_name
    ranges = [
        ModelRange(names[network], styles[network], tuple(rows[network]))
        for network in sorted(rows, key=lambda network: (order.get(network, len(order)), network))
    ]
    return ranges, both(lambda canvas: model_ranges(ranges, canvas), "models", data.publication.currency)


def caused_picture(data: ReportData) -> Picture:
    """What each network caused, beside what it is credited with."""
    styles, rule = network_styles(data), model_label(data.main_model)
    return both(
        lambda canvas: caused_intervals(data.caused, styles, canvas, rule=rule), "caused", data.publication.currency
    )


def coverage_picture(data: ReportData) -> Picture:
    """How far the metrics of each network reach."""
    rows, styles = data.health.freshness, network_styles(data)
    return both(
        lambda canvas: coverage(rows, styles, canvas, through=data.publication.data_through),
        "coverage",
        data.publication.currency,
    )
