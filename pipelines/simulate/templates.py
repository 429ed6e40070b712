"""The project's own templates: touches, wholesale orders, costs, a network without own exports, sales."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.simulate.costs import campaign_days
from pipelines.simulate.demand import Touch
from pipelines.simulate.files import Row, csv_text, put
from pipelines.simulate.lift import LEAST_DAYS, write_tests
from pipelines.simulate.metrics import engagements, reached
from pipelines.simulate.plan import AD_SPEND, SITE, ChannelPlan, NetworkPlan
from pipelines.simulate.world import World

TOUCHPOINTS_HEADER = (
    "touch_id", "customer_id", "touched_at", "touch_type", "channel", "network", "action_id", "campaign",
    "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "referrer", "landing_url",
    "click_id", "discount_code", "seller_id", "account_id",
)  # fmt: skip
ORDERS_HEADER = (
    "order_id", "customer_id", "ordered_at", "revenue", "currency", "cost_of_goods", "discount_code",
    "status", "refunded_amount", "refunded_at", "is_new_customer",
)  # fmt: skip
COSTS_HEADER = (
    "period_start",
    "period_end",
    "amount",
    "currency",
    "cost_type",
    "network",
    "account",
    "campaign",
)
ENGAGEMENT_HEADER = (
    "network", "action_id", "metric_date", "action_type", "campaign", "impressions", "reach", "engagements",
    "reactions", "comments", "shares", "saves", "link_clicks", "video_views", "follows", "spend", "currency",
)  # fmt: skip
DAILY_SALES_HEADER = ("metric_date", "revenue", "currency", "price_index", "holiday")

_PAGES = ("", "teapots", "cups", "teas", "taster-box")
_HOLIDAYS = frozenset({(1, 1), (4, 27), (5, 1), (12, 25), (12, 26)})


def write_templates(world: World, out: Path) -> list[Path]:
    """One file per template, each in its own folder."""
    return [
        put(out / "touchpoints" / "touchpoints.csv", _touchpoints(world)),
        put(out / "orders" / "orders.csv", _orders(world)),
        put(out / "costs" / "costs.csv", _costs(world)),
        put(out / "engagement_daily" / "engagement_daily.csv", _engagement(world)),
        put(out / "daily_sales" / "daily_sales.csv", _daily_sales(world)),
        *([put(out / "experiments" / "experiments.csv", write_tests(world))] if world.days >= LEAST_DAYS else []),
    ]


def _stamp(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00") if moment else ""


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _touchpoints(world: World) -> str:
    rows: list[Row] = []
    for touch in world.touches:
        seen = _from_network(touch, touch.way) if isinstance(touch.way, NetworkPlan) else _other(touch, touch.way)
        seen |= {
            "touch_id": touch.touch_id,
            "customer_id": touch.customer_id,
            "touched_at": _stamp(touch.touched_at),
            "touch_type": touch.touch_type,
            "discount_code": touch.discount_code,
            "seller_id": touch.seller_id,
            "account_id": touch.account_id,
        }
        rows.append([seen.get(column, "") for column in TOUCHPOINTS_HEADER])
    return csv_text(TOUCHPOINTS_HEADER, rows)


def _page(touch: Touch, query: str = "") -> str:
    page = f"{SITE}/{_PAGES[int(touch.token[:2], 16) % len(_PAGES)]}"
    return f"{page}?{query}" if query else page


def _from_network(touch: Touch, plan: NetworkPlan) -> dict[str, str]:
    """What the shop's tracking saw of a visit from a network: all of it, some of it or only the referrer."""
    if touch.touch_type != "click":
        return {"network": plan.network}
    seen = {"referrer": plan.referrer, "landing_url": _page(touch)}
    if touch.trace == "click_id":
        query = f"{plan.click_parameter}={touch.token}"
        return {"landing_url": _page(touch, query), "click_id": query}
    if touch.trace == "referrer":
        return seen
    seen |= {"utm_source": plan.network, "utm_medium": "paid_social" if touch.is_paid else "social"}
    if touch.campaign:
        seen["utm_campaign"] = touch.campaign
    if touch.trace == "content" and touch.post:
        seen["utm_content"] = touch.post.action_id
    if touch.trace == "ad":
        seen["utm_content"] = f"ad-{touch.campaign}-{int(touch.token[-2:], 16) % 3 + 1}"
    return seen


def _other(touch: Touch, channel: ChannelPlan) -> dict[str, str]:
    if channel.given_channel:
        return {"channel": channel.given_channel}
    seen = {"referrer": channel.referrer, "landing_url": _page(touch)}
    source, medium = channel.utm
    if source:
        seen |= {"utm_source": source, "utm_medium": medium}
    if channel.click_parameter:
        query = f"{channel.click_parameter}={touch.token}"
        seen |= {"landing_url": _page(touch, query), "click_id": query}
    return seen


def _orders(world: World) -> str:
    rows: list[Row] = [
        (invoice.order_id, invoice.customer_id, _stamp(invoice.ordered_at), _euro(invoice.revenue), "EUR",
         _euro(invoice.cost_of_goods), "", "refunded" if invoice.refunded_at else "paid",
         _euro(invoice.refunded), _stamp(invoice.refunded_at), "true" if invoice.is_new_customer else "false")
        for invoice in world.invoices
    ]  # fmt: skip
    return csv_text(ORDERS_HEADER, rows)


def _costs(world: World) -> str:
    rows: list[Row] = [
        (cost.period_start.isoformat(), cost.period_end.isoformat(), _euro(cost.amount), "EUR",
         cost.cost_type, cost.network, "", cost.campaign)
        for cost in world.costs
    ]  # fmt: skip
    return csv_text(COSTS_HEADER, rows)


def _engagement(world: World) -> str:
    """Pinterest by pin and day. The day's money is shared over its pins by impressions, to the cent."""
    budget_a_day = round(AD_SPEND["pinterest", "always-on"] * world.scale * 100)
    running = set(campaign_days("always-on", world.first, world.days))
    shown: dict[date, int] = {day: counts["impressions"] for day, counts in world.daily("pinterest").items()}
    told, paid = dict.fromkeys(shown, 0), dict.fromkeys(shown, 0)
    rows: list[Row] = []
    for post_day in world.measured["pinterest"]:
        day, counts = post_day.metric_date, post_day.counts
        told[day] += counts["impressions"]
        budget = budget_a_day if day in running and shown[day] else 0
        spend = budget * told[day] // shown[day] - paid[day] if budget else 0
        paid[day] += spend
        rows.append(
            ("pinterest", post_day.post.action_id, day.isoformat(), "post", "always-on",
             counts["impressions"], reached(counts["impressions"]), engagements(counts), counts["reactions"],
             counts["comments"], counts["shares"], counts["saves"], counts["link_clicks"], "",
             counts["follows"], _euro(spend), "EUR")
        )  # fmt: skip
    return csv_text(ENGAGEMENT_HEADER, rows)


def _daily_sales(world: World) -> str:
    """Sales of shop and wholesale by UTC day, voided orders left out, with two controls."""
    sold = dict.fromkeys(world.calendar, 0)
    for order in world.orders:
        if order.status != "voided":
            sold[order.ordered_at.date()] += order.total
    for invoice in world.invoices:
        sold[invoice.ordered_at.date()] += invoice.revenue
    rows: list[Row] = [
        (day.isoformat(), _euro(cents), "EUR", f"{1 + 0.02 * (index / world.days):.4f}",
         1 if (day.month, day.day) in _HOLIDAYS else 0)
        for index, (day, cents) in enumerate(sold.items())
    ]  # fmt: skip
    return csv_text(DAILY_SALES_HEADER, rows)
