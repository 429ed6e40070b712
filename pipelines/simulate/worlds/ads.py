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


def _meta(told: list[AdDay]) -> str:
    header = (
        "Day", "Campaign name", "Ad set name", "Ad name", "Ad ID", "Currency", "Amount spent (EUR)", "Impressions",
        "Link clicks", "Purchases conversion value", "Reporting starts", "Reporting ends",
    )  # fmt: skip
    rows: list[Row] = [
        (str(each.day), each.campaign, each.campaign, f"ad {each.ad}", each.ad, "EUR", _money(each.spend),
         each.impressions, each.clicks, _money(each.claimed) if each.claimed else "", str(each.day), str(each.day))
        for each in told
    ]  # fmt: skip
    return csv_text(header, rows, quoting="header_words")


def _x(told: list[AdDay]) -> str:
    header = (
        "Time period", "Campaign name", "Funding source", "Ad name", "Ad ID", "Impressions", "Spend", "Link clicks",
        "Purchases - sale amount", "Currency",
    )  # fmt: skip
    rows: list[Row] = [
        (str(each.day), each.campaign, "Card", f"ad {each.ad}", each.ad, each.impressions, _money(each.spend),
         each.clicks, _money(each.claimed), "EUR")
        for each in told
    ]  # fmt: skip
    return csv_text(header, rows)


def _linkedin(told: list[AdDay]) -> str:
    """A preamble, tabs, and dates as Americans write them."""
    header = (
        "Start Date (in UTC)", "Account Name", "Campaign Name", "Ad ID", "Ad Name", "Total Spent", "Currency",
        "Impressions", "Clicks to Landing Page", "Total Conversion Value",
    )  # fmt: skip
    lines = [
        (american(each.day), COMPANY, each.campaign, each.ad, f"ad {each.ad}", _money(each.spend), "EUR",
         f"{each.impressions:,}", str(each.clicks), _money(each.claimed))
        for each in told
    ]  # fmt: skip
    span = f"Report Start: {min(each.day for each in told)}, Report End: {max(each.day for each in told)}"
    return "\n".join(["Ad Performance Report (in UTC)", span, "", *map("\t".join, [header, *lines]), ""])


def _tiktok(told: list[AdDay]) -> str:
    header = (
        "By Day", "Campaign name", "Ad group name", "Ad name", "Ad ID", "Cost", "Impressions", "Clicks (destination)",
        "Total complete payment value", "Currency",
    )  # fmt: skip
    rows: list[Row] = [
        (str(each.day), each.campaign, each.campaign, f"ad {each.ad}", each.ad, _money(each.spend), each.impressions,
         each.clicks, _money(each.claimed), "EUR")
        for each in told
    ]  # fmt: skip
    return csv_text(header, rows)


def _pinterest(told: list[AdDay]) -> str:
    header = (
        "Date", "Campaign name", "Ad ID", "Spend in account currency", "Currency", "Impressions", "Outbound clicks",
        "Total order value (Checkout)",
    )  # fmt: skip
    rows: list[Row] = [
        (str(each.day), each.campaign, each.ad, _money(each.spend), "EUR", each.impressions, each.clicks,
         _money(each.claimed))
        for each in told
    ]  # fmt: skip
    return csv_text(header, rows)


MANAGERS: dict[str, tuple[Callable[[list[AdDay]], str], str, str]] = {
    "facebook": (_meta, f"{COMPANY.replace(' ', '-')}-Ads.csv", "utf-8-sig"),
    "instagram": (_meta, f"{COMPANY.replace(' ', '-')}-Ads.csv", "utf-8-sig"),
    "x": (_x, f"{HANDLE}_ads.csv", "utf-8"),
    "linkedin": (_linkedin, "account_123456_ad_performance_report.csv", "utf-16"),
    "tiktok": (_tiktok, "TikTok Ads Report.csv", "utf-8"),
    "pinterest": (_pinterest, "pinterest_ads_report.csv", "utf-8"),
}
"""The networks whose ad managers' exports are read: what writes one, its name and encoding."""


def write_ads(network: str, told: list[AdDay], out: Path) -> Path:
    """One export of a network's ad manager, below ``out/<network>/``."""
    writer, name, encoding = MANAGERS[network]
    return put(out / network / name, writer(told), encoding=encoding)
