"""The ads of a world as the networks' ad managers export them: by ad and day, with what each platform claims."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipelines.simulate.dates import american
from pipelines.simulate.files import Cell, Row, csv_text, put
from pipelines.simulate.plan import COMPANY, HANDLE
from pipelines.simulate.worlds.values import Places, World

AdDay = dict[str, Cell]
"""What an ad manager may tell of one ad on one day, by the names in ``COLUMNS``."""


def ad_days(world: World, campaign: int, name: str, clicks: Places) -> Iterator[AdDay]:
    """The ads of a campaign on the days of which there is anything to tell. A day's cost is shared over them by
    impressions, to the cent.

    Args:
        name: of the campaign.
        clicks: (T, A) of each action on each day.
    """
    seen, shown = world.observed, world.observed.action_impressions
    ads = np.flatnonzero((seen.action_of == campaign) & world.actions.is_ad)
    budget = np.round(100 * seen.campaign_spend[:, campaign]).astype(np.int64)
    told = np.cumsum(shown[:, ads], axis=1)
    paid = np.diff((budget[:, None] * told / np.maximum(told[:, -1:], 1)).astype(np.int64), axis=1, prepend=0)
    for place, ad in enumerate(ads.tolist()):
        claimed = seen.claimed[:, ad]
        for day in np.flatnonzero((shown[:, ad] > 0) | (claimed > 0)).tolist():
            date, count = seen.dates[day].item(), int(shown[day, ad])
            yield {
                "day": str(date), "american day": american(date), "campaign": name, "ad": action_id(ad),
                "name": f"ad {action_id(ad)}", "company": COMPANY, "card": "Card", "currency": "EUR",
                "spend": money(int(paid[day, place])), "impressions": count, "impressions in thousands": f"{count:,}",
                "clicks": int(clicks[day, ad]), "claimed": money(int(claimed[day])),
            }  # fmt: skip


def action_id(action: int) -> str:
    return str(7_000_000_000 + action)


def money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


COLUMNS: dict[str, dict[str, str]] = {
    "meta": {
        "Day": "day", "Campaign name": "campaign", "Ad set name": "campaign", "Ad name": "name", "Ad ID": "ad",
        "Currency": "currency", "Amount spent (EUR)": "spend", "Impressions": "impressions", "Link clicks": "clicks",
        "Purchases conversion value": "claimed", "Reporting starts": "day", "Reporting ends": "day",
    },
    "x": {
        "Time period": "day", "Campaign name": "campaign", "Funding source": "card", "Ad name": "name", "Ad ID": "ad",
        "Impressions": "impressions", "Spend": "spend", "Link clicks": "clicks", "Purchases - sale amount": "claimed",
        "Currency": "currency",
    },
    "linkedin": {
        "Start Date (in UTC)": "american day", "Account Name": "company", "Campaign Name": "campaign", "Ad ID": "ad",
        "Ad Name": "name", "Total Spent": "spend", "Currency": "currency", "Impressions": "impressions in thousands",
        "Clicks to Landing Page": "clicks", "Total Conversion Value": "claimed",
    },
    "tiktok": {
        "By Day": "day", "Campaign name": "campaign", "Ad group name": "campaign", "Ad name": "name", "Ad ID": "ad",
        "Cost": "spend", "Impressions": "impressions", "Clicks (destination)": "clicks",
        "Total complete payment value": "claimed", "Currency": "currency",
    },
    "pinterest": {
        "Date": "day", "Campaign name": "campaign", "Ad ID": "ad", "Spend in account currency": "spend",
        "Currency": "currency", "Impressions": "impressions", "Outbound clicks": "clicks",
        "Total order value (Checkout)": "claimed",
    },
}  # fmt: skip
"""By ad manager, the columns of its export and what each tells of an ad's day."""
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
    manager, file = MANAGERS[network]
    columns = COLUMNS[manager]
    rows: list[Row] = [[each[name] for name in columns.values()] for each in told]
    if manager == "linkedin":
        days = sorted(str(each["day"]) for each in told)
        span = f"Report Start: {days[0]}, Report End: {days[-1]}"
        lines = ("\t".join(map(str, row)) for row in ([*columns], *rows))
        text = "\n".join(["Ad Performance Report (in UTC)", span, "", *lines, ""])
        return put(out / network / file, text, encoding="utf-16")
    text = csv_text([*columns], rows, quoting="header_words" if manager == "meta" else "minimal")
    return put(out / network / file, text, encoding="utf-8-sig" if manager == "meta" else "utf-8")
