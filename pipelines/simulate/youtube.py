"""YouTube Studio: the content table in its archive and the table by day, both with their ``Total`` row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipelines.simulate.dates import duration, short_date
from pipelines.simulate.files import Row, csv_text, put, zip_bytes
from pipelines.simulate.metrics import Counts, add_up
from pipelines.simulate.plan import COMPANY, HANDLE
from pipelines.simulate.posts import Post
from pipelines.simulate.world import World

TABLE_HEADER = (
    "Content", "Video title", "Video publish time", "Duration", "Views", "Watch time (hours)", "Subscribers",
    "Average view duration", "Impressions", "Impressions click-through rate (%)",
)  # fmt: skip
DATE_HEADER = ("Date", "Views", "Watch time (hours)", "Average view duration", "Estimated revenue (USD)")

_VIEWS_PER_IMPRESSION = 0.062
_SECONDS_WATCHED = 154
_USD_PER_VIEW = 0.0011


def write_youtube(world: World, out: Path) -> list[Path]:
    """``Content <from>_<the day after> <channel>.zip`` with ``Table data.csv``, and ``Date.csv`` beside it."""
    folder = out / "youtube" / HANDLE
    archive = zip_bytes({"Table data.csv": _table(world)}, world.exported_at)
    return [
        put(folder / f"Content {world.first}_{world.last + timedelta(days=1)} {COMPANY}.zip", archive),
        put(folder / "Date.csv", _by_day(world)),
    ]


def _views(counts: Counts) -> int:
    """Views are plays; the impressions counted here are thumbnails shown."""
    return max(counts["link_clicks"], round(counts["impressions"] * _VIEWS_PER_IMPRESSION))


def _watched(views: int) -> tuple[str | float, str]:
    """Hours and average duration; nothing where nobody watched."""
    return (round(views * _SECONDS_WATCHED / 3600, 4), duration(_SECONDS_WATCHED)) if views else (0, "")


def _table(world: World) -> str:
    posts = sorted(world.posts("youtube").items(), key=lambda item: (-_views(item[1]), item[0].action_id))
    rows: list[Row] = [_video_row(post, counts) for post, counts in posts]
    total = add_up(world.measured["youtube"])
    views = sum(_views(counts) for _, counts in posts)
    hours, average = _watched(views)
    # The total counts subscribers gained anywhere, not only on a video's page: it is no sum of the rows.
    subscribers = round(total["follows"] * 1.3)
    rate = round(100 * views / total["impressions"], 2) if total["impressions"] else 0
    summary: Row = ("Total", "", "", "", views, hours, subscribers, average, total["impressions"], rate)
    return csv_text(TABLE_HEADER, [summary, *rows])


def _video_row(post: Post, counts: Counts) -> Row:
    views = _views(counts)
    hours, average = _watched(views)
    rate = round(100 * views / counts["impressions"], 2) if counts["impressions"] else 0
    title = post.text.split("\n")[0][:90]
    return (post.action_id, title, short_date(post.published_date), post.duration_seconds, views, hours,
            counts["follows"], average, counts["impressions"], rate)  # fmt: skip


def _by_day(world: World) -> str:
    rows: list[Row] = []
    views_total, earned_total = 0, 0.0
    for day, counts in reversed(world.daily("youtube").items()):
        views = _views(counts)
        # Income is known two days later.
        earned = round(views * _USD_PER_VIEW, 3) if views and (world.last - day).days >= 2 else ""
        views_total += views
        earned_total += float(earned or 0)
        rows.append((day.isoformat(), views, *_watched(views), earned))
    summary: Row = ("Total", views_total, *_watched(views_total), round(earned_total, 3))
    return csv_text(DATE_HEADER, [summary, *rows])
