"""The ads of a world as the networks' ad managers export them: by ad and day, with what each platform claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.simulate.dates import american
from pipelines.simulate.files import Row, csv_text, put
from pipelines.simulate.plan import COMPANY, HANDLE
from pipelines.simulate.worlds.values import Places, World


@dataclass(frozen=True)
class AdDay:
    """What an ad manager tells of one ad on one day; ``spend`` and ``claimed`` in cents."""

    day: date
    network: str
    campaign: str
    ad: str
    impressions: int
    clicks: int
    spend: int
    claimed: int


def ad_days(world: World, network: int, *, named: Callable[[int], tuple[str, str]], clicks: Places) -> Iterator[AdDay]:
    """The ads of a network on the days of which there is anything to tell. A day's cost of a campaign is shared over
    its ads by impressions, to the cent.

    Args:
        named: network and name of a campaign.
        clicks: (T, A) of each action on each day.
    """
    seen, shown = world.observed, world.observed.action_impressions
    days = [day.item() for day in seen.dates]
    for campaign in np.flatnonzero(seen.campaign_of == network).tolist():
        ads = np.flatnonzero((seen.action_of == campaign) & world.actions.is_ad)
        budget = np.round(100 * seen.campaign_spend[:, campaign]).astype(np.int64)
        told = np.cumsum(shown[:, ads], axis=1)
        paid = np.diff((budget[:, None] * told / np.maximum(told[:, -1:], 1)).astype(np.int64), axis=1, prepend=0)
        for place, ad in enumerate(ads.tolist()):
            claimed = seen.claimed[:, ad]
            for day in np.flatnonzero((shown[:, ad] > 0) | (claimed > 0)).tolist():
                yield AdDay(
                    days[day], *named(campaign), str(7_000_000_000 + ad), int(shown[day, ad]), int(clicks[day, ad]),
                    int(paid[day, place]), int(claimed[day]),
                )  # fmt: skip


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


Column = Callable[[AdDay], str | int]


def _day(each: AdDay) -> str:
    return str(each.day)


def _campaign(each: AdDay) -> str:
    return each.campaign


def _ad(each: AdDay) -> str:
    return each.ad


def _name(each: AdDay) -> str:
    return f"ad {each.ad}"


def _currency(_: AdDay) -> str:
    return "EUR"


def _spend(each: AdDay) -> str:
    return _money(each.spend)


def _claimed(each: AdDay) -> str:
    return _money(each.claimed)


def _impressions(each: AdDay) -> int:
    return each.impressions


def _clicks(each: AdDay) -> int:
    return each.clicks


COLUMNS: dict[str, dict[str, Column]] = {
    "meta": {
        "Day": _day, "Campaign name": _campaign, "Ad set name": _campaign, "Ad name": _name, "Ad ID": _ad,
        "Currency": _currency, "Amount spent (EUR)": _spend, "Impressions": _impressions, "Link clicks": _clicks,
        "Purchases conversion value": lambda each: _claimed(each) if each.claimed else "",
        "Reporting starts": _day, "Reporting ends": _day,
    },
    "x": {
        "Time period": _day, "Campaign name": _campaign, "Funding source": lambda _: "Card", "Ad name": _name,
        "Ad ID": _ad, "Impressions": _impressions, "Spend": _spend, "Link clicks": _clicks,
        "Purchases - sale amount": _claimed, "Currency": _currency,
    },
    "linkedin": {
        "Start Date (in UTC)": lambda each: american(each.day), "Account Name": lambda _: COMPANY,
        "Campaign Name": _campaign, "Ad ID": _ad, "Ad Name": _name, "Total Spent": _spend, "Currency": _currency,
        "Impressions": lambda each: f"{each.impressions:,}", "Clicks to Landing Page": _clicks,
        "Total Conversion Value": _claimed,
    },
    "tiktok": {
        "By Day": _day, "Campaign name": _campaign, "Ad group name": _campaign, "Ad name": _name, "Ad ID": _ad,
        "Cost": _spend, "Impressions": _impressions, "Clicks (destination)": _clicks,
        "Total complete payment value": _claimed, "Currency": _currency,
    },
    "pinterest": {
        "Date": _day, "Campaign name": _campaign, "Ad ID": _ad, "Spend in account currency": _spend,
        "Currency": _currency, "Impressions": _impressions, "Outbound clicks": _clicks,
        "Total order value (Checkout)": _claimed,
    },
}  # fmt: skip
"""By ad manager, the columns of its export and what each says of an ad's day."""
MANAGERS = {
    "facebook": ("meta", f"{COMPANY.replace(' ', '-')}-Ads.csv"),
    "instagram": ("meta", f"{COMPANY.replace(' ', '-')}-Ads.csv"),
    "x": ("x", f"{HANDLE}_ads.csv"),
    "linkedin": ("linkedin", "account_123456_ad_performance_report.csv"),
    "tiktok": ("tiktok", "TikTok Ads Report.csv"),
    "pinterest": ("pinterest", "pinterest_ads_report.csv"),
}
"""The networks whose ad managers' exports are read, with the manager and the name of its file."""


def write_ads(network: str, told: list[AdDay], out: Path) -> Path:
    """One export of a network's ad manager, below ``out/<network>/``. LinkedIn's has a preamble, tabs and UTF-16."""
    manager, name = MANAGERS[network]
    columns = COLUMNS[manager]
    rows: list[Row] = [[says(each) for says in columns.values()] for each in told]
    if manager == "linkedin":
        span = f"Report Start: {min(each.day for each in told)}, Report End: {max(each.day for each in told)}"
        lines = ("\t".join(map(str, row)) for row in ([*columns], *rows))
        text = "\n".join(["Ad Performance Report (in UTC)", span, "", *lines, ""])
        return put(out / network / name, text, encoding="utf-16")
    text = csv_text([*columns], rows, quoting="header_words" if manager == "meta" else "minimal")
    return put(out / network / name, text, encoding="utf-8-sig" if manager == "meta" else "utf-8")
