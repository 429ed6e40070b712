"""What the company published: posts with a latent quality, ids as the networks make them, a life in days."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from pipelines.simulate.plan import CAMPAIGNS, CLOSERS, NETWORKS, OPENERS, TAGS, NetworkPlan
from pipelines.simulate.randomness import pick, poisson, stream

LIFE_DAYS = 28
HALF_LIFE_DAYS = 2.5

_X_EPOCH_MS = 1288834974657
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Post:
    """One post. ``quality`` is latent: 1 is the network's ordinary post. ``campaign`` is empty for most."""

    plan: NetworkPlan
    action_id: str
    published_at: datetime
    kind: str
    text: str
    campaign: str
    quality: float
    duration_seconds: int

    @property
    def published_date(self) -> date:
        return self.published_at.date()


@dataclass(frozen=True)
class Shelf:
    """The posts of one account in order of publication."""

    plan: NetworkPlan
    posts: tuple[Post, ...]
    times: tuple[datetime, ...] = field(repr=False)

    def seen_at(self, moment: datetime, rng: random.Random) -> Post | None:
        """A post that a person could come from, fresh and good ones likelier; None if none lives."""
        last = bisect_right(self.times, moment)
        first = bisect_left(self.times, moment - timedelta(days=LIFE_DAYS - 7))
        alive = self.posts[first:last]
        if not alive:
            return None
        ages = ((moment - post.published_at).total_seconds() / 86400 for post in alive)
        return pick(rng, alive, [post.quality * freshness(age) for post, age in zip(alive, ages, strict=True)])


def freshness(age_days: float) -> float:
    """How much attention is left: it halves every ``HALF_LIFE_DAYS``."""
    return float(0.5 ** (age_days / HALF_LIFE_DAYS))


def running_campaigns(day: date, first: date, days: int) -> list[str]:
    """Campaigns that run on a day."""
    part = (day - first).days / days
    return [name for name, (begin, end) in CAMPAIGNS.items() if begin <= part < end]


def action_id(plan: NetworkPlan, published_at: datetime, rng: random.Random) -> str:
    """An id made as the network makes it: X, LinkedIn and TikTok ids carry the time of publication."""
    milliseconds = int(published_at.timestamp() * 1000)
    match plan.network:
        case "x":
            return str((milliseconds - _X_EPOCH_MS) << 22 | rng.getrandbits(22))
        case "linkedin":
            return str(milliseconds << 22 | rng.getrandbits(22))
        case "tiktok":
            return str(int(published_at.timestamp()) << 32 | rng.getrandbits(32))
        case "youtube":
            return "".join(rng.choice(_BASE64) for _ in range(11))
        case "instagram":
            return str(rng.randrange(17_900_000_000_000_000, 18_399_999_999_999_999))
        case "pinterest":
            return str(rng.randrange(10**17, 10**18))
        case _:
            return str(rng.randrange(10**14, 10**15))


def publish(seed: int, first: date, days: int) -> dict[str, Shelf]:
    """All posts of all accounts, by plan key."""
    return {plan.key: _shelf(plan, stream(seed, f"posts/{plan.key}"), first, days) for plan in NETWORKS}


def _shelf(plan: NetworkPlan, rng: random.Random, first: date, days: int) -> Shelf:
    posts = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        weekday_factor = 0.4 if day.weekday() >= 5 else 1.24
        for _ in range(min(2, poisson(rng, plan.posts_per_week / 7 * weekday_factor))):
            posts.append(_post(plan, rng, day, running_campaigns(day, first, days)))
    posts.sort(key=lambda post: (post.published_at, post.action_id))
    return Shelf(plan, tuple(posts), tuple(post.published_at for post in posts))


def _post(plan: NetworkPlan, rng: random.Random, day: date, campaigns: list[str]) -> Post:
    moment = datetime.combine(day, time(rng.randrange(6, 20), rng.randrange(60), rng.randrange(60)), UTC)
    kind = rng.choice(plan.kinds)
    is_video = kind in ("video", "Reels", "IG reel")
    seasonal = [name for name in campaigns if name != "always-on"]
    return Post(
        plan=plan,
        action_id=action_id(plan, moment, rng),
        published_at=moment,
        kind=kind,
        text=_text(rng),
        campaign=rng.choice(seasonal) if seasonal and rng.random() < 0.35 else "",
        quality=rng.lognormvariate(-0.3, 0.75),
        duration_seconds=(
            rng.randrange(240, 900) if plan.network == "youtube" else rng.randrange(9, 75) if is_video else 0
        ),
    )


def _text(rng: random.Random) -> str:
    """Commas, quotes, line breaks and emoji, as people write."""
    gap = rng.choice((" ", "\n\n", " "))
    tags = " ".join(rng.sample(TAGS, rng.randrange(3)))
    return f"{rng.choice(OPENERS)} {rng.choice(CLOSERS)}{gap}{tags}".strip()
