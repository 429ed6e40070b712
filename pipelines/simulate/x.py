"""X: the exports to 2023 for the first part of the period, those since for the rest, so that both are met."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pipelines.simulate.dates import weekday_date
from pipelines.simulate.files import Row, csv_text, put
from pipelines.simulate.metrics import Counts, engagements
from pipelines.simulate.plan import HANDLE
from pipelines.simulate.posts import Post
from pipelines.simulate.world import World

_OLD_METRICS = (
    "impressions", "engagements", "engagement rate", "retweets", "replies", "likes", "user profile clicks",
    "url clicks", "hashtag clicks", "detail expands", "permalink clicks", "app opens", "app installs",
    "follows", "email tweet", "dial phone", "media views", "media engagements",
)  # fmt: skip
_PROMOTED = tuple(f"promoted {name}" for name in _OLD_METRICS)
_PROMOTED_CELLS = ("-",) * len(_PROMOTED)

TWEETS_HEADER = ("Tweet id", "Tweet permalink", "Tweet text", "time", *_OLD_METRICS, *_PROMOTED)
TWEETS_BY_DAY_HEADER = ("Date", "Tweets published", *_OLD_METRICS, *_PROMOTED)
POSTS_HEADER = (
    "Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares",
    "New follows", "Replies", "Reposts", "Profile visits", "Detail Expands", "URL Clicks", "Hashtag Clicks",
    "Permalink Clicks",
)  # fmt: skip
OVERVIEW_HEADER = (
    "Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows", "Unfollows",
    "Replies", "Reposts", "Profile visits", "Create Post", "Video views", "Media views",
)  # fmt: skip


def changeover(world: World) -> date:
    """The first day of the newer exports."""
    return world.first + timedelta(days=world.days // 3)


def write_x(world: World, out: Path) -> list[Path]:
    """Per-tweet and by-day export of the first third; post and overview export of the rest."""
    since = changeover(world)
    posts, daily = world.posts("x"), world.daily("x")
    old_posts = {post: counts for post, counts in posts.items() if post.published_date < since}
    new_posts = {post: counts for post, counts in posts.items() if post.published_date >= since}
    old_days = {day: counts for day, counts in daily.items() if day < since}
    new_days = {day: counts for day, counts in daily.items() if day >= since}
    folder = out / "x" / HANDLE
    span = f"{HANDLE}_{world.first:%Y%m%d}_{since:%Y%m%d}_en.csv"
    return [
        put(folder / f"tweet_activity_metrics_{span}", _tweets(old_posts)),
        put(folder / f"daily_tweet_activity_metrics_{span}", _tweets_by_day(old_days, old_posts)),
        put(folder / f"account_analytics_content_{since}_{world.last}.csv", _posts(new_posts)),
        put(folder / f"account_overview_analytics_{since}_{world.last}.csv", _overview(new_days, new_posts)),
    ]


def _old_cells(counts: Counts, *, lifetime: bool) -> list[str]:
    """The 18 counts as printed: the first eleven with ``.0`` in the per-tweet file, all plain by day."""
    done = engagements(counts)
    values = [counts["impressions"], done, 0, counts["shares"], counts["comments"], counts["reactions"],
              counts["profile_visits"], counts["link_clicks"], 0, 0, 0]  # fmt: skip
    cells = [f"{value}.0" if lifetime else str(value) for value in values]
    rate = done / counts["impressions"] if counts["impressions"] else 0
    cells[2] = repr(rate) if rate else "0"
    return [*cells, "0", "0", str(counts["follows"]), "0", "0", "0", "0", *_PROMOTED_CELLS]


def _tweets(posts: dict[Post, Counts]) -> str:
    rows: list[Row] = [
        [post.action_id, f"https://twitter.com/{HANDLE}/status/{post.action_id}", post.text,
         f"{post.published_at:%Y-%m-%d %H:%M +0000}", *_old_cells(counts, lifetime=True)]
        for post, counts in reversed(posts.items())
    ]  # fmt: skip
    return csv_text(TWEETS_HEADER, rows, quoting="all")


def _published_on(posts: dict[Post, Counts]) -> dict[date, int]:
    published: dict[date, int] = {}
    for post in posts:
        published[post.published_date] = published.get(post.published_date, 0) + 1
    return published


def _tweets_by_day(days: dict[date, Counts], posts: dict[Post, Counts]) -> str:
    published = _published_on(posts)
    rows: list[Row] = [
        [day.isoformat(), str(published.get(day, 0)), *_old_cells(counts, lifetime=False)]
        for day, counts in days.items()
    ]
    return csv_text(TWEETS_BY_DAY_HEADER, rows, quoting="all")


def _posts(posts: dict[Post, Counts]) -> str:
    rows: list[Row] = [
        [post.action_id, weekday_date(post.published_date), post.text.replace("\n", " "),
         f"https://x.com/{HANDLE}/status/{post.action_id}", counts["impressions"], counts["reactions"],
         engagements(counts), counts["saves"], 0, counts["follows"], counts["comments"], counts["shares"],
         counts["profile_visits"], 0, counts["link_clicks"], 0, 0]
        for post, counts in reversed(posts.items())
    ]  # fmt: skip
    return csv_text(POSTS_HEADER, rows, final_newline=False)


def _overview(days: dict[date, Counts], posts: dict[Post, Counts]) -> str:
    published = _published_on(posts)
    rows: list[Row] = [
        [weekday_date(day), counts["impressions"], counts["reactions"], engagements(counts),
         counts["saves"], 0, counts["follows"], 0, counts["comments"], counts["shares"],
         counts["profile_visits"], published.get(day, 0), 0, 0]
        for day, counts in reversed(days.items())
    ]  # fmt: skip
    return csv_text(OVERVIEW_HEADER, rows, final_newline=False)
