"""TikTok Studio: the overview in its archive and the content table; no date carries a year."""

from __future__ import annotations

from pathlib import Path

from pipelines.simulate.dates import month_day
from pipelines.simulate.files import Row, csv_text, put, zip_bytes
from pipelines.simulate.plan import HANDLE
from pipelines.simulate.world import World

OVERVIEW_HEADER = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
CONTENT_HEADER = (
    "Time", "Video title", "Video link", "Post time", "Total likes", "Total comments", "Total shares",
    "Total views",
)  # fmt: skip


def write_tiktok(world: World, out: Path) -> list[Path]:
    """``Overview_<first day>_<epoch>_<handle>.zip`` and ``Content.csv``."""
    folder = out / "tiktok" / HANDLE
    epoch = int(world.exported_at.timestamp())
    overview = {"Overview.csv": _overview(world)}
    return [
        put(
            folder / f"Overview_{world.first}_{epoch}_{HANDLE}.zip",
            zip_bytes(overview, world.exported_at, encoding="utf-8-sig"),
        ),
        put(folder / "Content.csv", _content(world), encoding="utf-8-sig"),
    ]


def _overview(world: World) -> str:
    rows: list[Row] = [
        (month_day(day), counts["impressions"], counts["profile_visits"], counts["reactions"],
         counts["comments"], counts["shares"])
        for day, counts in world.daily("tiktok").items()
    ]  # fmt: skip
    return csv_text(OVERVIEW_HEADER, rows, quoting="all", final_newline=False)


def _content(world: World) -> str:
    """``Time`` is the day of the export; the year of ``Post time`` follows from the video id."""
    rows: list[Row] = [
        (month_day(world.exported_at), post.text.replace("\n", " "),
         f"https://www.tiktok.com/@{HANDLE}/video/{post.action_id}", month_day(post.published_date),
         counts["reactions"], counts["comments"], counts["shares"], counts["impressions"])
        for post, counts in reversed(world.posts("tiktok").items())
    ]  # fmt: skip
    return csv_text(CONTENT_HEADER, rows, quoting="all", final_newline=False)
