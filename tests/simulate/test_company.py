"""The company as a whole: the same bytes for a seed, one coherent story, nobody real in it."""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from pipelines.errors import UsageError
from pipelines.simulate import write_company
from pipelines.simulate.plan import AD_SPEND, NetworkPlan
from pipelines.simulate.world import World

from .conftest import only


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes_at_another_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_company(tmp_path / "a", seed=3, days=40)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    write_company(tmp_path / "b", seed=3, days=40)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert len(digests(tmp_path / "a")) == 23


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    write_company(tmp_path / "a", seed=3, days=40)
    write_company(tmp_path / "b", seed=4, days=40)
    ours, theirs = set(digests(tmp_path / "a").values()), set(digests(tmp_path / "b").values())
    assert not ours & theirs


def test_what_was_written_is_what_is_told(tmp_path: Path) -> None:
    paths = write_company(tmp_path, seed=3, days=14)
    assert sorted(paths) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert {path.relative_to(tmp_path).parts[0] for path in paths} == {
        "x", "meta_business_suite", "linkedin", "youtube", "tiktok", "shopify",
        "touchpoints", "orders", "costs", "engagement_daily", "daily_sales",
    }  # fmt: skip


def test_archives_and_workbooks_carry_no_clock_of_this_machine(company: Path) -> None:
    for path in [*company.rglob("*.zip"), *company.rglob("*.xlsx")]:
        with zipfile.ZipFile(path) as archive:
            stamps = {info.date_time for info in archive.infolist()}
        expected = {(1980, 1, 1, 0, 0, 0)} if path.suffix == ".xlsx" else {(2026, 9, 1, 7, 30, 0)}
        assert stamps == expected, path
    for path in company.rglob("*.xlsx"):
        core = zipfile.ZipFile(path).read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-09-01T07:30:00Z"}


@pytest.mark.parametrize(("days", "scale"), [(13, 1.0), (30, 0.0), (30, -1.0)])
def test_too_small_a_company_is_refused(tmp_path: Path, days: int, scale: float) -> None:
    with pytest.raises(UsageError, match="14 days"):
        write_company(tmp_path, seed=1, days=days, scale=scale)
    assert not list(tmp_path.iterdir())


def test_scale_multiplies_customers_and_money_but_not_posts(tmp_path: Path) -> None:
    write_company(tmp_path / "one", seed=5, days=60)
    write_company(tmp_path / "half", seed=5, days=60, scale=0.5)
    count = {name: len(rows(tmp_path / name / "touchpoints" / "touchpoints.csv")) for name in ("one", "half")}
    assert 0.42 < count["half"] / count["one"] < 0.58
    spent = {
        name: sum(Decimal(row["amount"]) for row in rows(tmp_path / name / "costs" / "costs.csv"))
        for name in ("one", "half")
    }
    assert abs(spent["half"] / spent["one"] - Decimal("0.5")) < Decimal("0.001")
    posts = {name: len(rows(only(tmp_path / name, "account_analytics_content_*.csv"))) for name in ("one", "half")}
    assert posts["half"] == posts["one"]


def test_shop_totals_are_the_worlds_revenue(company: Path, world: World) -> None:
    orders = [row for row in rows(only(company, "orders_export.csv")) if row["Total"]]
    assert len(orders) == len({row["Name"] for row in orders}) == len(world.orders)
    kept = [row for row in orders if row["Financial Status"] != "voided"]
    assert sum(Decimal(row["Total"]) for row in kept) * 100 == world.shop_revenue
    invoices = rows(company / "orders" / "orders.csv")
    sold = sum(Decimal(row["revenue"]) for row in invoices) * 100 + world.shop_revenue
    assert sold == world.revenue
    assert sum(Decimal(row["revenue"]) for row in rows(company / "daily_sales" / "daily_sales.csv")) * 100 == sold


def test_every_order_adds_up_and_has_its_lines(company: Path) -> None:
    orders: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(only(company, "orders_export.csv")):
        orders[row["Name"]].append(row)
    assert any(len(lines) > 1 for lines in orders.values())
    for first, *others in orders.values():
        goods = sum(Decimal(row["Lineitem price"]) * int(row["Lineitem quantity"]) for row in (first, *others))
        assert goods - Decimal(first["Discount Amount"]) == Decimal(first["Subtotal"])
        assert Decimal(first["Subtotal"]) + Decimal(first["Shipping"]) == Decimal(first["Total"])
        assert Decimal(first["Refunded Amount"]) <= Decimal(first["Total"])
        assert not any(row[name] for row in others for name in ("Total", "Financial Status", "Currency", "Id"))
    statuses = {lines[0]["Financial Status"] for lines in orders.values()}
    assert statuses == {"paid", "refunded", "partially_refunded", "voided"}
    codes = {lines[0]["Discount Code"] for lines in orders.values()}
    assert codes == {"", "WELCOME10", "STEEPTHIS15", "ICED20"}
    for first, *_ in orders.values():
        assert bool(first["Cancelled at"]) == (first["Financial Status"] == "voided")


def test_touches_refer_to_posts_that_were_exported_and_published_before(company: Path, world: World) -> None:
    posts = {post.action_id: post for shelf in world.shelves.values() for post in shelf.posts}
    touches = rows(company / "touchpoints" / "touchpoints.csv")
    matched = [row for row in touches if row["utm_content"] and not row["utm_content"].startswith("ad-")]
    assert len(matched) > len(touches) / 5
    for row in matched:
        post = posts[row["utm_content"]]
        assert post.plan.network == row["utm_source"]
        assert f"{post.published_at:%Y-%m-%dT%H:%M:%S}" <= row["touched_at"]
    text = exported_text(company)
    assert {row["utm_content"] for row in matched} <= set(re.findall(r"[\w-]{11,19}", text))


def exported_text(company: Path) -> str:
    """Everything that the networks' files say, archives and workbooks opened."""
    texts = []
    for source in ("x", "meta_business_suite", "linkedin", "youtube", "tiktok", "engagement_daily"):
        for path in (company / source).rglob("*.*"):
            content = path.read_bytes()
            if path.suffix in (".zip", ".xlsx"):
                archive = zipfile.ZipFile(BytesIO(content))
                texts += [archive.read(name).decode("utf-8") for name in archive.namelist()]
            elif not content.startswith(b"\xff\xfe"):
                texts.append(content.decode("utf-8"))
    return "\n".join(texts)


def test_touches_are_of_people_some_of_whom_bought_within_a_month(company: Path) -> None:
    touches = rows(company / "touchpoints" / "touchpoints.csv")
    assert len({row["touch_id"] for row in touches}) == len(touches)
    assert [row["touched_at"] for row in touches] == sorted(row["touched_at"] for row in touches)
    buyers = {row["Email"] for row in rows(only(company, "orders_export.csv"))}
    touched = {row["customer_id"] for row in touches}
    assert 0.6 < len(buyers & touched) / len(buyers) < 0.9
    assert touched - buyers, "journeys that end in nothing are part of the story"
    wholesale = {row["customer_id"] for row in rows(company / "orders" / "orders.csv")}
    assert wholesale <= touched
    assert not wholesale & buyers


def test_touches_leave_traces_of_every_kind(company: Path) -> None:
    touches = rows(company / "touchpoints" / "touchpoints.csv")
    campaigns = {row["campaign"] for row in rows(company / "costs" / "costs.csv")} - {""}
    assert {row["utm_campaign"] for row in touches} - {""} == campaigns == {name for _, name in AD_SPEND}
    assert {row["utm_medium"] for row in touches} == {"", "social", "paid_social", "email", "cpc"}
    assert {row["touch_type"] for row in touches} == {"click", "message", "meeting", "self_reported"}
    only_click_id = [row for row in touches if row["click_id"] and not row["utm_source"]]
    assert {row["click_id"].split("=")[0] for row in only_click_id} >= {"fbclid", "ttclid", "twclid"}
    assert all(row["landing_url"].endswith("?" + row["click_id"]) and not row["referrer"] for row in only_click_id)
    assert any(row["referrer"] == "https://t.co/" and not row["utm_source"] for row in touches)


def test_clicks_of_a_post_are_never_fewer_than_its_touches(world: World) -> None:
    came: dict[tuple[str, date], int] = defaultdict(int)
    for touch in world.touches:
        if touch.post:
            came[touch.post.action_id, touch.touched_at.date()] += 1
    told = {
        (day.post.action_id, day.metric_date): day.counts["link_clicks"]
        for days in world.measured.values()
        for day in days
    }
    assert came
    assert all(told[key] >= count for key, count in came.items())


def test_the_story_one_network_strong_one_losing_one_without_cost(world: World) -> None:
    credited, cost = last_touch_revenue(world), defaultdict(int)
    for item in world.costs:
        cost[item.network] += item.amount
    assert credited["instagram"] > 2 * cost["instagram"]
    assert credited["x"] < cost["x"] / 2
    assert credited["youtube"] > 0
    assert "youtube" not in cost
    own = sum(credited[way] for way in ("(none)", "direct", "organic_search", "paid_search"))
    assert 0.3 < own / world.revenue < 0.5


def last_touch_revenue(world: World) -> dict[str, int]:
    """Cents by the network or channel of the last touch in the 30 days before, worked out here by itself."""
    credited: dict[str, int] = defaultdict(int)
    sold = [(o.customer_id, o.ordered_at, o.total) for o in world.orders if o.status != "voided"]
    sold += [(invoice.customer_id, invoice.ordered_at, invoice.revenue) for invoice in world.invoices]
    for customer, moment, cents in sold:
        before = [
            touch
            for touch in world.touches
            if touch.customer_id == customer and moment - timedelta(days=30) <= touch.touched_at <= moment
        ]
        way = before[-1].way if before else None
        credited[way.network if isinstance(way, NetworkPlan) else way.key if way else "(none)"] += cents
    return credited


def test_pinterest_spend_is_told_once_and_to_the_cent(company: Path, world: World) -> None:
    engagement = rows(company / "engagement_daily" / "engagement_daily.csv")
    by_day: dict[str, Decimal] = defaultdict(Decimal)
    for row in engagement:
        by_day[row["metric_date"]] += Decimal(row["spend"])
    unseen = {day.isoformat() for day, counts in world.daily("pinterest").items() if not counts["impressions"]}
    assert {spent for day, spent in by_day.items() if day not in unseen} == {Decimal("7.50")}
    assert {spent for day, spent in by_day.items() if day in unseen} <= {Decimal("0.00")}
    assert "pinterest" not in {row["network"] for row in rows(company / "costs" / "costs.csv")}


def test_nobody_real_is_in_it(company: Path) -> None:
    told = [only(company, name) for name in ("touchpoints.csv", "orders.csv", "orders_export.csv")]
    mails = set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", "\n".join(path.read_text() for path in told)))
    assert mails
    assert all(mail.endswith("@example.com") for mail in mails)
    for row in rows(only(company, "orders_export.csv")):
        assert not any(row[f"{kind} {part}"] for kind in ("Billing", "Shipping") for part in ("Name", "Phone", "Zip"))


def test_the_demo_is_small(tmp_path: Path) -> None:
    paths = write_company(tmp_path, seed=7, days=180)
    assert sum(path.stat().st_size for path in paths) < 3_000_000
