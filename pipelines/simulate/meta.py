"""Meta Business Suite: post files of Facebook and Instagram, and metric series by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.simulate.dates import american_padded, clock, file_date
from pipelines.simulate.files import csv_text, put
from pipelines.simulate.metrics import Counts, reached
from pipelines.simulate.plan import COMPANY, HANDLE, META_ZONE
from pipelines.simulate.posts import Post
from pipelines.simulate.randomness import stream
from pipelines.simulate.world import World

FACEBOOK_POSTS_HEADER = (
    "Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time",
    "Caption type", "Permalink", "Is crosspost", "Is share", "Post type", "Languages", "Custom labels",
    "Funded content status", "Data comment", "Date", "Views", "Reach", "Reactions, Comments and Shares",
    "Reactions", "Comments", "Shares", "Total clicks", "Link Clicks", "Other Clicks",
    "Matched Audience Targeting Consumption (Photo Click)", "Seconds viewed", "Average Seconds viewed",
    "Estimated earnings (USD)", "Ad impressions",
)  # fmt: skip
INSTAGRAM_POSTS_HEADER = (
    "Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)",
    "Publish time", "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares",
    "Follows", "Comments", "Saves",
)  # fmt: skip
SERIES_HEADER = '"Date","Primary"'

SERIES = (
    ("facebook", "Facebook reach", "Facebook reach.csv"),
    ("facebook", "Facebook link clicks", "Facebook link clicks.csv"),
    ("instagram", "Instagram follows", "Follows.csv"),
    ("instagram", "Instagram link clicks", "Link clicks.csv"),
    ("instagram", "Instagram profile visits", "Visits.csv"),
)
"""Network, the label inside the file, the file's name. Labels that name no network are left out: such a file
has to ask."""


def write_meta(world: World, out: Path) -> list[Path]:
    """One post file per network and the metric series."""
    folder = out / "meta_business_suite" / HANDLE
    rng = stream(world.seed, "meta")
    page_id, account_id = f"1000{rng.randrange(10**11):011d}", f"178414{rng.randrange(10**11):011d}"
    span = f"{file_date(world.first)}_{file_date(world.last)}"
    facebook = [_facebook_row(page_id, *item) for item in world.posts("facebook").items()]
    instagram = [_instagram_row(account_id, *item) for item in world.posts("instagram").items()]
    written = []
    for header, rows in ((FACEBOOK_POSTS_HEADER, facebook), (INSTAGRAM_POSTS_HEADER, instagram)):
        text = csv_text(header, rows, quoting="header_words")
        written.append(put(folder / f"{span}_{rng.randrange(10**15, 10**16)}.csv", text, encoding="utf-8-sig"))
    daily = {network: world.daily(network) for network in ("facebook", "instagram")}
    for network, label, name in SERIES:
        written.append(put(folder / name, "\ufeff" + _series(label, daily[network]), encoding="utf-16-le"))
    return written


def _published(post: Post) -> str:
    """The export prints the page's own time; its zone is not stated (see ``META_ZONE``)."""
    local = post.published_at.astimezone(ZoneInfo(META_ZONE))
    return f"{american_padded(local)} {clock(local)}"


def _facebook_row(page_id: str, post: Post, counts: Counts) -> list[str | int]:
    interactions = counts["reactions"] + counts["comments"] + counts["shares"]
    link_clicks = counts["link_clicks"] or ""
    link = "reel" if post.kind == "Reels" else "posts"
    return [
        post.action_id, page_id, COMPANY, post.text, "", post.duration_seconds, _published(post), "N/A",
        f"https://www.facebook.com/{HANDLE}/{link}/{post.action_id}", 0, 0, post.kind, "", "", "", "",
        "Lifetime", counts["impressions"], reached(counts["impressions"]), interactions, counts["reactions"],
        counts["comments"], counts["shares"], counts["link_clicks"] + counts["profile_visits"], link_clicks,
        counts["profile_visits"] or "", "", "", "", "", "",
    ]  # fmt: skip


def _instagram_row(account_id: str, post: Post, counts: Counts) -> list[str | int]:
    link = "reel" if post.kind == "IG reel" else "p"
    return [
        post.action_id, account_id, HANDLE, COMPANY, post.text, post.duration_seconds, _published(post),
        f"https://www.instagram.com/{link}/{_short_code(int(post.action_id))}/", post.kind, "", "Lifetime",
        counts["impressions"], reached(counts["impressions"]), counts["reactions"], counts["shares"],
        counts["follows"], counts["comments"], counts["saves"],
    ]  # fmt: skip


def _short_code(number: int) -> str:
    """An Instagram short code is the media id in base 64."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    code = ""
    while number:
        number, digit = divmod(number, 64)
        code = alphabet[digit] + code
    return code


def _series(label: str, days: dict[date, Counts]) -> str:
    """``sep=,``, label, header, a day a line, an empty line. The hour is 01 in the American winter."""
    lines = ["sep=,", f'"{label}"', SERIES_HEADER]
    for day, counts in days.items():
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(META_ZONE))
        hour = 0 if noon.dst() != timedelta(0) else 1
        lines.append(f'"{day}T{hour:02d}:00:00","{_value(label, counts)}"')
    return "\n".join(lines) + "\n\n"


def _value(label: str, counts: Counts) -> int:
    if label.endswith("reach"):
        return reached(counts["impressions"])
    names = {"link clicks": "link_clicks", "profile visits": "profile_visits", "follows": "follows"}
    return counts[names[label.split(" ", 1)[1]]]
