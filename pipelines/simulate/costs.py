"""What it cost: advertising by network and campaign, production, fees, labour and tools, month by month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.simulate.plan import AD_SPEND, CAMPAIGNS, MONTHLY_COSTS
from pipelines.simulate.posts import running_campaigns
from pipelines.simulate.randomness import stream


@dataclass(frozen=True)
class Cost:
    """One cost over one period; ``amount`` in euro cents."""

    period_start: date
    period_end: date
    amount: int
    cost_type: str
    network: str
    campaign: str = ""


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The calendar months of a period, cut at its ends."""
    start = first
    while start <= last:
        end = min(last, start.replace(day=monthrange(start.year, start.month)[1]))
        yield start, end
        start = end + timedelta(days=1)


def campaign_days(name: str, first: date, days: int) -> list[date]:
    """The days on which a campaign runs."""
    if name not in CAMPAIGNS:
        raise KeyError(name)
    calendar = (first + timedelta(days=offset) for offset in range(days))
    return [day for day in calendar if name in running_campaigns(day, first, days)]


def spend_money(seed: int, first: date, days: int, *, scale: float) -> Iterator[Cost]:
    """All costs of the period but those that ``engagement_daily`` tells."""
    rng = stream(seed, "costs")
    last = first + timedelta(days=days - 1)
    for start, end in months(first, last):
        for (network, campaign), a_day in AD_SPEND.items():
            running = [day for day in campaign_days(campaign, first, days) if start <= day <= end]
            if running and network != "pinterest":
                amount = round(len(running) * a_day * scale * rng.uniform(92, 108))
                yield Cost(running[0], running[-1], amount, "ad_spend", network, campaign)
        length = monthrange(start.year, start.month)[1]
        share = ((end - start).days + 1) / length
        for cost_type, network, a_month in MONTHLY_COSTS:
            yield Cost(start, end, round(a_month * scale * share * 100), cost_type, network)
