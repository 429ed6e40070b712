"""Builds a published file with the contract's tables and the figures of an invented company."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.report.publication import ACTIONS, ATTRIBUTED, HEALTH, JOURNEYS, MEMBERS, ROI, SCHEMA

NETWORKS = (
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("pinterest", "Pinterest"),
    ("reddit", "Reddit"),
    ("tiktok", "TikTok"),
    ("x", "X"),
    ("youtube", "YouTube"),
    ("bluesky", "Bluesky"),
    ("mastodon", "Mastodon"),
    ("snapchat", "Snapchat"),
    ("threads", "Threads"),
)
MODELS = ("first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay")

CREDIT = {
    "first_touch": "case when place = 1 then 1.0 else 0 end",
    "last_touch": "case when place = touches then 1.0 else 0 end",
    "last_non_direct": "case when place = touches then 1.0 else 0 end",
    "linear": "1.0 / touches",
    "position_based": "case when touches = 1 then 1.0 when touches = 2 then 0.5"
    " when place in (1, touches) then 0.4 else 0.2 / (touches - 2) end",
    "time_decay": "pow(2.0, place) / (pow(2.0, touches + 1) - 2)",
}


@dataclass(frozen=True)
class Company:
    """How big the invented company is, and what it lacks."""

    networks: int = 8
    days: int = 180
    actions: int = 300
    conversions: int = 4000
    models: tuple[str, ...] = MODELS
    with_costs: bool = True
    with_health: bool = True
    with_members: bool = False


def build(path: Path, company: Company = Company()) -> Path:
    """Write the published file of a company to ``path``; the same company gives the same figures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute("set TimeZone = 'UTC'")
    for statement in filter(str.strip, SCHEMA.split(";")):
        connection.execute(statement)
    connection.executemany(
        "insert into dim_networks values (?, ?, 'active', null)",
        [list(network) for network in NETWORKS[: company.networks]],
    )
    values = {
        "$days": str(company.days),
        "$actions": str(company.actions),
        "$conversions": str(company.conversions),
        "$with_costs": str(company.with_costs),
        "$models": str(list(company.models)),
        "$networks": str([network for network, _ in NETWORKS[: company.networks]]),
    }
    attributed = [ATTRIBUTED.format(credit=CREDIT[model], model=model) for model in company.models]
    parts = [ACTIONS, JOURNEYS, *attributed, ROI]
    parts += [MEMBERS] * company.with_members + [HEALTH] * company.with_health
    for part in parts:
        for name, value in values.items():
            part = part.replace(name, value)
        connection.execute(part)
    connection.execute(
        "insert into meta_publication values ('20260901T021500-1f2e', timestamp '2026-09-01 02:15:00',"
        " date '2026-03-05' + ?::integer - 1, '0123456789abcdef', 'sha-of-the-specs')",
        [company.days],
    )
    connection.close()
    return path
