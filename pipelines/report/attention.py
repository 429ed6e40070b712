"""What the networks counted for the posts: impressions, views, engagements, followers. No money, no credit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipelines.report.sql import columns, rows
from pipelines.report.values import time_grain
from pipelines.schema import literal

MEASURES = (
    "impressions", "video_views", "engagements", "reactions", "comments", "shares", "link_clicks", "follows",
)  # fmt: skip
"""Counts that may be added up. Reach and other counts of people are not among them, and never will be."""

SEEN_BY = ("impressions", "video_views")
"""How often a post was seen, the first that its network reports. The two are never added to each other."""

NO_POSTS = ("creator_code", "seller_touch")
MOST_SEEN = 10

POSTS = f"""
with lives as (
    select action_key, {", ".join(f"sum({name}) as {name}" for name in MEASURES)}
    from published.fct_action_metrics_daily
    group by action_key
)

select
    d.action_key, d.network, coalesce(n.display_name, d.network) as display_name, d.action_type,
    coalesce(d.action_type = 'ad', false) as is_ad, {{published_on}} as published_on, d.campaign, d.permalink,
    d.text_excerpt, {", ".join(f"l.{name}" for name in MEASURES)}
from published.dim_actions as d
left join lives as l on d.action_key = l.action_key
left join published.dim_networks as n on d.network = n.network
where d.network is not null and coalesce(d.action_type, 'post') not in {NO_POSTS} and {{reported}}
"""

POST_COUNTS = f"""
select
    network, any_value(display_name) as display_name, is_ad, count(*) as posts, count(published_on) as dated,
    {", ".join(f"sum({name}) as {name}, count({name}) as {name}_reporting" for name in MEASURES)},
    {", ".join(f"median({name}) as {name}_median" for name in SEEN_BY)}
from posts
group by network, is_ad
order by network, is_ad
"""

ACCOUNT_COUNTS = f"""
select
    a.network, coalesce(any_value(n.display_name), a.network) as display_name,
    count(distinct metric_date) as days, min(metric_date) as first_day, max(metric_date) as last_day,
    {
    ", ".join(
        f"sum({name}) as {name}, count(distinct metric_date) filter (where {name} is not null) as {name}_reporting"
        for name in MEASURES
    )
}
from published.fct_account_metrics_daily as a
left join published.dim_networks as n on a.network = n.network
group by a.network
order by a.network
"""

PUBLISHED = """
select cast(date_trunc($1, published_on) as date) as period_start, network, count(*) as posts
from posts
where not is_ad and published_on is not null
group by all
order by all
"""

MOST_SEEN_POSTS = f"""
with seen as (
    select
        *,
        case
            when count(impressions) over (partition by network) > 0 then 'impressions' else 'video_views'
        end as measure
    from posts
    where not is_ad
)

select *
from seen
where case measure when 'impressions' then impressions else video_views end is not null
qualify row_number() over (
    partition by measure
    order by case measure when 'impressions' then impressions else video_views end desc, action_key
) <= {MOST_SEEN}
order by measure, case measure when 'impressions' then impressions else video_views end desc, action_key
"""


@dataclass(frozen=True)
class Counted:
    """A count added up over posts or days: ``total`` is ``None`` where none of them reports it, ``reporting`` is how
    many do."""

    total: int | None
    reporting: int


@dataclass(frozen=True)
class PostCounts:
    """What a network counted for its posts, or for its ads, over their whole life. Medians are per post."""

    network: str
    display_name: str
    is_ad: bool
    posts: int
    dated: int
    counts: dict[str, Counted]
    medians: dict[str, float | None]


@dataclass(frozen=True)
class AccountCounts:
    """What a network counted for its accounts day by day, added up over the days."""

    network: str
    display_name: str
    days: int
    first_day: date
    last_day: date
    counts: dict[str, Counted]


@dataclass(frozen=True)
class SeenPost:
    """One post with what the network counted for it. ``None`` is "not reported"."""

    network: str
    display_name: str
    action_type: str | None
    published_on: date | None
    campaign: str | None
    permalink: str | None
    text_excerpt: str | None
    counts: dict[str, int | None]


@dataclass(frozen=True)
class Attention:
    """What the posts got, without any money. ``published`` is (first day of the period, network, posts)."""

    posts: tuple[PostCounts, ...]
    accounts: tuple[AccountCounts, ...]
    most_seen: dict[str, tuple[SeenPost, ...]]
    period: tuple[date, date] | None
    grain: str
    published: tuple[tuple[date, str, int], ...]


def _counts(row: dict[str, Any]) -> dict[str, Counted]:
    return {name: Counted(row[name], row[f"{name}_reporting"]) for name in MEASURES}


def _prepare(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """One row for each post or ad that a network reports, with what it got over its whole life."""
    known = columns(connection, "dim_actions")
    instant = f"cast(timezone({literal(zone)}, timezone('UTC', cast(d.published_at as timestamp))) as date)"
    published_on = f"coalesce(d.published_date, {instant})" if "published_date" in known else instant
    reported = "coalesce(d.is_reported, true)" if "is_reported" in known else "true"
    query = POSTS.format(published_on=published_on, reported=reported)
    connection.execute(f"create or replace temp table posts as {query}")


def _most_seen(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[SeenPost, ...]]:
    found: dict[str, list[SeenPost]] = {measure: [] for measure in SEEN_BY}
    told = (
        "network", "display_name", "action_type", "published_on", "campaign", "permalink", "text_excerpt",
    )  # fmt: skip
    for row in rows(connection, MOST_SEEN_POSTS):
        counts = {name: row[name] for name in MEASURES}
        found[row["measure"]].append(SeenPost(**{name: row[name] for name in told}, counts=counts))
    return {measure: tuple(posts) for measure, posts in found.items()}


def _period(connection: duckdb.DuckDBPyConnection) -> tuple[date, date] | None:
    span = rows(connection, "select min(published_on) as first, max(published_on) as last from posts where not is_ad")
    return (span[0]["first"], span[0]["last"]) if span[0]["first"] else None


def read_attention(connection: duckdb.DuckDBPyConnection, zone: str) -> Attention:
    """Read what the posts got.

    Posts are told from ads, and a count that no post of a network reports stays ``None``.

    Args:
        connection: sees one publication.
        zone: whose days count where an export gives a moment and no day.
    """
    _prepare(connection, zone)
    period = _period(connection)
    grain = time_grain(period)
    accounts = [row for row in rows(connection, ACCOUNT_COUNTS) if any(row[name] is not None for name in MEASURES)]
    return Attention(
        posts=tuple(
            PostCounts(
                row["network"],
                row["display_name"],
                row["is_ad"],
                row["posts"],
                row["dated"],
                _counts(row),
                {name: row[f"{name}_median"] for name in SEEN_BY},
            )
            for row in rows(connection, POST_COUNTS)
        ),
        accounts=tuple(
            AccountCounts(
                row["network"], row["display_name"], row["days"], row["first_day"], row["last_day"], _counts(row)
            )
            for row in accounts
        ),
        most_seen=_most_seen(connection),
        period=period,
        grain=grain,
        published=tuple(
            (row["period_start"], row["network"], row["posts"]) for row in rows(connection, PUBLISHED, grain)
        ),
    )
