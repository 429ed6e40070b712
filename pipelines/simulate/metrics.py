"""What the networks counted: each post's numbers on each day of its life, from which every export adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.simulate.demand import Touch
from pipelines.simulate.plan import METRICS
from pipelines.simulate.posts import LIFE_DAYS, Post, Shelf, freshness
from pipelines.simulate.randomness import poisson, stream

Counts = dict[str, int]

PAID_BOOST = 2.2
"""How much wider a post in a campaign is shown, because money is behind it."""

_LIFE_SUM = sum(freshness(age) for age in range(LIFE_DAYS))


@dataclass(frozen=True)
class PostDay:
    """The numbers of one post on one day."""

    post: Post
    metric_date: date
    counts: Counts


def measure(seed: int, shelves: Mapping[str, Shelf], touches: Iterable[Touch], last: date) -> dict[str, list[PostDay]]:
    """Numbers by post and day until ``last``, by plan key.

    A person who came by a post clicked on it that day: the clicks of a post are never fewer than its touches.
    """
    came = Counter((touch.post.action_id, touch.touched_at.date()) for touch in touches if touch.post)
    return {key: _measure_shelf(seed, shelf, came, last) for key, shelf in shelves.items()}


def _measure_shelf(seed: int, shelf: Shelf, came: Counter[tuple[str, date]], last: date) -> list[PostDay]:
    rng = stream(seed, f"metrics/{shelf.plan.key}")
    days = []
    for post in shelf.posts:
        boost = PAID_BOOST if post.campaign and shelf.plan.paid_share else 1.0
        for age in range(min(LIFE_DAYS, (last - post.published_date).days + 1)):
            day = post.published_date + timedelta(days=age)
            clicks = came[post.action_id, day]
            shown = shelf.plan.audience * post.quality * boost * freshness(age) / _LIFE_SUM
            counts = {"impressions": poisson(rng, shown) + 3 * clicks}
            for name, rate in zip(METRICS[1:], shelf.plan.rates, strict=True):
                counts[name] = min(counts["impressions"], poisson(rng, rate * counts["impressions"]))
            counts["link_clicks"] = min(counts["impressions"], counts["link_clicks"] + clicks)
            days.append(PostDay(post, day, counts))
    return days


def add_up(days: Iterable[PostDay]) -> Counts:
    """Sums of every metric."""
    total: Counts = dict.fromkeys(METRICS, 0)
    for day in days:
        for name, count in day.counts.items():
            total[name] += count
    return total


def engagements(counts: Counts) -> int:
    """Interactions as most networks add them: everything that a person did."""
    return sum(counts[name] for name in ("reactions", "comments", "shares", "saves", "link_clicks"))


def reached(count: int) -> int:
    """People behind a number of impressions."""
    return count - count // 4


def by_post(days: Iterable[PostDay]) -> dict[Post, Counts]:
    """Lifetime numbers of each post, in order of publication."""
    grouped: dict[Post, list[PostDay]] = {}
    for day in days:
        grouped.setdefault(day.post, []).append(day)
    return {post: add_up(its_days) for post, its_days in grouped.items()}


def by_day(days: Iterable[PostDay], calendar: Iterable[date]) -> dict[date, Counts]:
    """The account's numbers on each day of the calendar, also on days without any."""
    grouped: dict[date, list[PostDay]] = {day: [] for day in calendar}
    for post_day in days:
        grouped[post_day.metric_date].append(post_day)
    return {day: add_up(its_days) for day, its_days in grouped.items()}
