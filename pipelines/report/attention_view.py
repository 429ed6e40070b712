"""What the posts got, put together for the template: networks grouped by what they report, and the pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from pipelines.report.attention import PostCounts, SeenPost
from pipelines.report.charts import Canvas, Part
from pipelines.report.figures import compact, shorten, whole
from pipelines.report.panels import Picture, both, network_styles
from pipelines.report.svg import EMPTY, bar, drawing, label, scale
from pipelines.report.timelines import Column, period_starts, post_columns
from pipelines.report.values import ReportData

MEASURE_WORDS = {
    "impressions": "Impressions",
    "video_views": "Video views",
    "engagements": "Engagements",
    "reactions": "Reactions",
    "comments": "Comments",
    "shares": "Shares",
    "link_clicks": "Link clicks",
    "follows": "Followers gained",
}


@dataclass(frozen=True)
class Group:
    """Networks that report how often a post was seen in the same way, or not at all (``measure`` is empty)."""

    measure: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[PostCounts, ...]
    most_seen: tuple[SeenPost, ...]
    most_seen_columns: tuple[str, ...]
    picture: Picture | None


@dataclass(frozen=True)
class AttentionView:
    """The section "What the posts got". ``undated`` posts are not in the picture of what was published when."""

    groups: tuple[Group, ...]
    posts: int
    ads: int
    undated: int
    networks: tuple[tuple[str, str], ...]
    published: Picture | None


def row_name(row: PostCounts) -> str:
    """The network, and whether the row is of its ads."""
    return f"{row.display_name}, ads" if row.is_ad else row.display_name


def measure_of(row: PostCounts) -> str:
    """How often a post was seen: impressions, else video views, else nothing that is reported."""
    reported = (name for name in ("impressions", "video_views") if row.counts[name].total is not None)
    return next(reported, "")


def _order(row: PostCounts, measure: str) -> tuple[int, str, bool]:
    return (-(row.counts[measure].total or 0) if measure else -row.posts, row.display_name, row.is_ad)


def _columns(rows: Sequence[PostCounts], measure: str) -> tuple[str, ...]:
    """What the table shows beside ``measure``; of the two ways of being seen only one that is reported."""
    seen = tuple(
        name
        for name in ("impressions", "video_views")
        if name != measure and any(row.counts[name].total is not None for row in rows)
    )
    return (*seen, "engagements", "reactions", "comments", "shares", "link_clicks", "follows")


def seen_bars(rows: Sequence[PostCounts], measure: str, styles: dict[str, str], canvas: Canvas) -> Markup:
    """One bar for each network: how often its posts were seen, beside it what half of them reached."""
    narrow = canvas.is_narrow
    left, step = (0.0, 48.0) if narrow else (180.0, 36.0)
    middle = canvas.width - left - (192 if narrow else 230)
    highest = max((float(row.counts[measure].total or 0) for row in rows), default=0.0)
    noun = MEASURE_WORDS[measure].lower()
    body, said = EMPTY, []
    for index, row in enumerate(rows):
        y = step * index + (22 if narrow else 6)
        total, median = row.counts[measure].total, row.medians[measure]
        per = "ad" if row.is_ad else "post"
        words = f"{row_name(row)}: {whole(total)} {noun}, median per {per} {whole(median)}"
        name_at = (0.0, y - 6) if narrow else (left - 12, y + 15)
        width = scale(float(total or 0), highest, middle)
        body += label(
            shorten(row_name(row), 28 if narrow else 22), *name_at, anchor=None if narrow else "end", class_="name"
        )
        body += bar(left, y, width, 20, class_=styles.get(row.network, "other"), hint=words)
        body += label(compact(total), left + width + 8, y + 15, class_="value")
        along = left + width + 20 + 8.2 * len(compact(total))
        body += label(f"median {compact(median)} per {per}", along, y + 15, class_="quiet")
        said.append(words)
    return drawing(
        body,
        width=canvas.width,
        height=step * len(rows) + 6,
        key=canvas.key,
        title=f"{MEASURE_WORDS[measure]} by network, and the median per post",
        description="; ".join(said) + ".",
    )


def _groups(data: ReportData) -> tuple[Group, ...]:
    styles, currency = network_styles(data), data.publication.currency
    titles = {
        "impressions": "Networks that report impressions",
        "video_views": "Networks that report video views and no impressions",
        "": "Networks that report neither impressions nor video views",
    }
    groups = []
    for measure, title in titles.items():
        rows = [row for row in data.attention.posts if measure_of(row) == measure]
        rows.sort(key=lambda row: _order(row, measure))
        picture = _picture(rows, measure, styles, currency) if measure and rows else None
        most_seen = data.attention.most_seen.get(measure, ())
        told = tuple(name for name in MEASURE_WORDS if any(post.counts[name] is not None for post in most_seen))
        groups.append(Group(measure, title, _columns(rows, measure), tuple(rows), most_seen, told, picture))
    return tuple(group for group in groups if group.rows)


def _picture(rows: Sequence[PostCounts], measure: str, styles: dict[str, str], currency: str) -> Picture:
    return both(lambda canvas: seen_bars(rows, measure, styles, canvas), f"seen-{measure}", currency)


def _published(data: ReportData, networks: Sequence[str]) -> Picture | None:
    attention = data.attention
    if not attention.period:
        return None
    styles = network_styles(data)
    posts: dict[tuple[date, str], int] = defaultdict(int)
    for start, network, count in attention.published:
        posts[start, network] += count
    columns = [
        Column(
            start,
            tuple(
                Part(data.network_names.get(network, network), Decimal(posts[start, network]), styles[network])
                for network in networks
                if posts[start, network]
            ),
        )
        for start in period_starts(*attention.period, attention.grain)
    ]
    title = f"Posts published by network and {attention.grain}"
    return both(
        lambda canvas: post_columns(columns, canvas, grain=attention.grain, title=title, height=170),
        "published",
        data.publication.currency,
    )


def attention_view(data: ReportData) -> AttentionView:
    """Everything the section shows."""
    posts = [row for row in data.attention.posts if not row.is_ad]
    networks = sorted({network for _, network, _ in data.attention.published})
    return AttentionView(
        groups=_groups(data),
        posts=sum(row.posts for row in posts),
        ads=sum(row.posts for row in data.attention.posts if row.is_ad),
        undated=sum(row.posts - row.dated for row in posts),
        networks=tuple((network, data.network_names.get(network, network)) for network in networks),
        published=_published(data, networks),
    )
