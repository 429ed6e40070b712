"""LinkedIn: the page's content workbook and the founder's personal one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pipelines.simulate.dates import american, american_padded
from pipelines.simulate.files import Row, put, workbook_bytes
from pipelines.simulate.metrics import Counts, engagements, reached
from pipelines.simulate.plan import COMPANY, FOUNDER, HANDLE
from pipelines.simulate.posts import Post
from pipelines.simulate.world import World

_PAID_PARTS = ("Clicks", "Reactions", "Comments", "Reposts")

METRICS_HEADER = (
    "Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)",
    "Unique impressions (organic)",
    *(f"{name} ({part})" for name in _PAID_PARTS for part in ("organic", "sponsored", "total")),
    "Engagement rate (organic)", "Engagement rate (sponsored)", "Engagement rate (total)",
)  # fmt: skip
ALL_POSTS_HEADER = (
    "Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date",
    "Campaign start date", "Campaign end date", "Audience", "Impressions", "Views", "Offsite Views", "Clicks",
    "Click through rate (CTR)", "Likes", "Comments", "Reposts", "Follows", "Engagement rate", "Content Type",
)  # fmt: skip
METRICS_DESCRIPTION = "Aggregated report"
ALL_POSTS_DESCRIPTION = "Report by post"
ENGAGEMENT_HEADER = ("Date", "Impressions", "Engagements")
TOP_POSTS_NOTE = "Maximum of 50 posts available to include in this list"
TOP_POSTS_HEADER = (
    "Post URL", "Post publish date", "Engagements", "", "Post URL", "Post publish date", "Impressions"
)  # fmt: skip
FOLLOWERS_HEADER = ("Date", "New followers")
DEMOGRAPHICS = (
    ("Top Demographics", "Value", "Percentage"),
    ("Job titles", "Cafe Owner", 0.14),
    ("Job titles", "Buyer", 0.06),
    ("Locations", "Utrecht Area", 0.11),
    ("Industries", "Food and Beverage Services", 0.19),
    ("Companies", "Self-employed", "< 1%"),
)


def write_linkedin(world: World, out: Path) -> list[Path]:
    """The page's ``<slug>_content_<epoch ms>`` and the founder's ``Content_<from>_<to>_<name>`` workbook."""
    milliseconds = int(world.exported_at.timestamp() * 1000)
    name = FOUNDER.replace(" ", "")
    folder = out / "linkedin"
    return [
        put(folder / HANDLE / f"{HANDLE}_content_{milliseconds}.xlsx", _page(world)),
        put(folder / name.lower() / f"Content_{world.first}_{world.last}_{name}.xlsx", _personal(world)),
    ]


def _link(post: Post) -> str:
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{post.action_id}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _page(world: World) -> bytes:
    daily, posts = world.daily("linkedin"), world.posts("linkedin")
    metrics: list[Row] = [(METRICS_DESCRIPTION,), METRICS_HEADER]
    metrics += [_metrics_row(day, counts) for day, counts in daily.items()]
    all_posts: list[Row] = [(ALL_POSTS_DESCRIPTION,), ALL_POSTS_HEADER]
    all_posts += [_post_row(post, counts) for post, counts in reversed(posts.items())]
    return workbook_bytes({"Metrics": metrics, "All posts": all_posts}, world.exported_at)


def _metrics_row(day: date, counts: Counts) -> Row:
    """Nothing on the page itself is sponsored: what was paid for ran as dark ads, told in ``costs``."""
    shown = counts["impressions"]
    row: list[str | int | float] = [american_padded(day), shown, 0, shown, reached(shown)]
    for name in ("link_clicks", "reactions", "comments", "shares"):
        row += [counts[name], 0, counts[name]]
    rate = _share(engagements(counts), shown)
    return [*row, rate, 0.0, rate]


def _post_row(post: Post, counts: Counts) -> Row:
    shown = counts["impressions"]
    return [
        post.text, _link(post), "Organic", post.campaign, f"{COMPANY} Team",
        american_padded(post.published_date), "", "", "All followers", shown, "", "", counts["link_clicks"],
        _share(counts["link_clicks"], shown), counts["reactions"], counts["comments"], counts["shares"],
        counts["follows"], _share(engagements(counts), shown), "Article",
    ]  # fmt: skip


def _personal(world: World) -> bytes:
    daily, posts = world.daily("linkedin_founder"), world.posts("linkedin_founder")
    shown = sum(counts["impressions"] for counts in daily.values())
    span = f"{american(world.first)} - {american(world.last)}"
    discovery: list[Row] = [
        ("Overall Performance", span),
        ("Impressions", shown),
        ("Members reached", reached(shown) // 2),
    ]
    engagement: list[Row] = [ENGAGEMENT_HEADER]
    engagement += [(american(day), counts["impressions"], engagements(counts)) for day, counts in daily.items()]
    new = {day: counts["follows"] for day, counts in daily.items()}
    followers: list[Row] = [
        (f"Total followers on {american(world.last)}:", 640 + sum(new.values())),
        (),
        FOLLOWERS_HEADER,
    ]
    followers += [(american(day), count) for day, count in new.items()]
    sheets: dict[str, list[Row]] = {
        "DISCOVERY": discovery,
        "ENGAGEMENT": engagement,
        "TOP POSTS": _top_posts(posts),
        "FOLLOWERS": followers,
        "DEMOGRAPHICS": list(DEMOGRAPHICS),
    }
    return workbook_bytes(sheets, world.exported_at)


def _top_posts(posts: Mapping[Post, Counts]) -> list[Row]:
    """Two tables side by side: the best 50 by engagements and by impressions."""
    by_engagements = sorted(posts, key=lambda post: (-engagements(posts[post]), post.action_id))[:50]
    by_impressions = sorted(posts, key=lambda post: (-posts[post]["impressions"], post.action_id))[:50]
    rows: list[Row] = [(TOP_POSTS_NOTE,), (), TOP_POSTS_HEADER]
    for left, right in zip(by_engagements, by_impressions, strict=True):
        rows.append((
            _link(left), american(left.published_date), engagements(posts[left]), "",
            _link(right), american(right.published_date), posts[right]["impressions"],
        ))  # fmt: skip
    return rows
