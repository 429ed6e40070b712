"""What the report is made of: plain values between the queries, the charts and the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.report.attention import Attention
    from pipelines.report.caused import Caused, NextStep
    from pipelines.report.health import Health

NOT_STATED = "(not stated)"
NO_TOUCH = "(none)"
OTHER_CHANNELS = "(other)"


@dataclass(frozen=True)
class NetworkRoi:
    """What one network cost and was credited with under one model. ``None`` is "not declared" or "not known".

    ``roas`` is revenue / cost, ``roi`` is (revenue - cost) / cost; both are ``None`` without a positive cost, and where
    ``costs_without_rate`` costs are left out of ``cost`` because their currency has no exchange rate.
    """

    network: str
    display_name: str
    cost: Decimal | None
    conversions_credited: Decimal
    revenue_credited: Decimal | None
    roas: float | None
    roi: float | None
    costs_without_rate: int = 0


@dataclass(frozen=True)
class Slice:
    """Revenue of one period (week, month, ...) and one series: a network, other channels, or no touch."""

    period_start: date
    series: str
    revenue: Decimal


@dataclass(frozen=True)
class ChannelRevenue:
    """Credit of a channel that is no social network, ``(none)`` among them."""

    channel: str
    conversions_credited: Decimal
    revenue: Decimal | None


@dataclass(frozen=True)
class ActionRoi:
    """One social action with what it was credited with. ``None`` is "not reported"."""

    position: int
    network: str
    display_name: str
    action_type: str | None
    published_at: datetime | None
    campaign: str | None
    permalink: str | None
    text_excerpt: str | None
    conversions_credited: Decimal | None
    revenue_credited: Decimal | None
    revenue_allocated: Decimal | None
    cost: Decimal | None
    roas: float | None
    impressions: int | None
    link_clicks: int | None


@dataclass(frozen=True)
class CampaignRoi:
    """One campaign of one network under one model; ``campaigns`` is how many there are in all."""

    network: str | None
    display_name: str | None
    member: str
    cost: Decimal | None
    conversions_credited: Decimal
    revenue_credited: Decimal | None
    roas: float | None
    cpa: float | None
    payback_days: int | None
    campaigns: int


@dataclass(frozen=True)
class Seller:
    """One salesperson. The three kinds of revenue are never added up."""

    seller_id: str
    touches: int
    credited: Decimal | None
    won: Decimal | None
    influenced: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True)
class MonthSaid:
    """What was said of social's revenue in a month when it was first complete, and what is said now. ``reasons`` are
    the changes since, the largest first."""

    month: date
    first_at: datetime
    revenue_then: Decimal | None
    revenue_now: Decimal | None
    reasons: tuple[tuple[str, float], ...]

    @property
    def difference(self) -> Decimal:
        return (self.revenue_now or Decimal(0)) - (self.revenue_then or Decimal(0))


@dataclass(frozen=True)
class Disagreement:
    """Figures of one network and metric of which two exports say different things; of the one that differs most, what
    is believed and what the other export says."""

    kind: str
    display_name: str | None
    metric: str
    figures: int
    believed: Decimal | None
    other: Decimal | None


@dataclass(frozen=True)
class ModelResult:
    """Everything that depends on the attribution model."""

    model: str
    networks: tuple[NetworkRoi, ...]
    slices: tuple[Slice, ...]
    channels: tuple[ChannelRevenue, ...]
    actions: tuple[ActionRoi, ...]
    actions_revenue: Decimal
    campaigns: tuple[CampaignRoi, ...] = ()
    months_said: tuple[MonthSaid, ...] = ()


@dataclass(frozen=True)
class Unrated:
    """Conversions that have no value in the reporting currency, by their own currency."""

    currency: str
    conversions: int
    original_amount: Decimal | None


@dataclass(frozen=True)
class Conversions:
    """All conversions of the publication, before any model."""

    count: int
    revenue: Decimal | None
    refunded: Decimal | None
    unrated: tuple[Unrated, ...]


@dataclass(frozen=True)
class Publication:
    """Which publication this is, in the words of ``meta_publication``."""

    publication_id: str
    published_at: datetime | None
    data_through: date | None
    git_sha: str | None
    spec_version: str | None
    currency: str
    time_zone: str


@dataclass(frozen=True)
class ReportData:
    """All that the report shows. ``period`` is from the first to the last day with cost or revenue."""

    publication: Publication
    period: tuple[date, date] | None
    grain: str
    network_names: dict[str, str]
    conversions: Conversions
    models: tuple[ModelResult, ...]
    main_model: str
    attention: Attention
    health: Health
    sellers: tuple[Seller, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    caused: tuple[Caused, ...] = ()
    next_steps: tuple[NextStep, ...] = ()


def time_grain(period: tuple[date, date] | None) -> str:
    """Weeks up to seven months, then months, quarters and years: 10 to 40 columns are readable."""
    days = (period[1] - period[0]).days if period else 0
    steps = ((215, "week"), (1100, "month"), (3700, "quarter"))
    return next((grain for limit, grain in steps if days <= limit), "year")


def ratios(revenue: Decimal | None, cost: Decimal | None) -> tuple[float | None, float | None]:
    """ROAS and ROI; ``None`` where the revenue is unknown or there is no positive cost to divide by."""
    if revenue is None or cost is None or cost <= 0:
        return None, None
    return float(revenue / cost), float((revenue - cost) / cost)


def has_cost(row: NetworkRoi) -> bool:
    """Whether a positive cost is declared for the network."""
    return row.cost is not None and row.cost > 0


def total_row(rows: list[NetworkRoi] | tuple[NetworkRoi, ...]) -> NetworkRoi:
    """The total of all networks.

    Cost and revenue are plain sums. ROAS and ROI compare like with like: only networks with a declared cost
    (and costs that name no network) enter them, since revenue without its cost would flatter the ratio.
    """
    costs = [row.cost for row in rows if row.cost is not None]
    revenues = [row.revenue_credited for row in rows if row.revenue_credited is not None]
    compared = [row.revenue_credited for row in rows if has_cost(row) and row.revenue_credited is not None]
    cost = sum(costs, Decimal(0)) if costs else None
    revenue = sum(revenues, Decimal(0)) if revenues else None
    unpriced = sum(row.costs_without_rate for row in rows)
    roas, roi = ratios(sum(compared, Decimal(0)) if compared and not unpriced else None, cost)
    conversions = sum((row.conversions_credited for row in rows), Decimal(0))
    return NetworkRoi("(total)", "Total", cost, conversions, revenue, roas, roi, unpriced)
