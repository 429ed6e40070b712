"""A night that adds to the last build publishes what a build from nothing would, and computes no more than it must."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import incrementality
from pipelines.attribution import compute
from pipelines.increment import READ
from pipelines.settings import Home, Settings
from pipelines.transform import PROJECT, attribute, present, transform
from pipelines.warehouse import open_warehouse
from tests.dbt.given import Warehouse, build
from tests.dbt.test_whole import table_hashes

PEOPLE = ("ada", "ben", "cleo", "dora", "eve", "finn", "gus", "hal", "ida", "jon")
SETTINGS = Settings.model_validate({"models": ["linear", "w_shaped", "time_decay", "markov_path", "markov", "shapley"]})


def _given() -> dict[str, list[dict[str, Any]]]:
    every = {"layout": "test", "source": "test"}
    touches = [
        {**every, "file_sha256": f"touches{day}", "row_number": number, "touch_id": f"{who}{day}", "customer_id": who,
         "touched_at": f"2026-03-{day:02} 10:00:00", "channel": channel,
         "landing_url": "https://go.example/a" if (who, day) == ("gus", 1) else None,
         "discount_code": "SUN" if (who, day) == ("hal", 4) else None,
         "referrer": "https://x.example/posts/77" if day == 6 else None}
        for day, channel in ((1, "email"), (4, None), (6, "direct"))
        for number, who in enumerate(PEOPLE, 1)
    ]  # fmt: skip
    orders = [
        {**every, "source": "orders", "file_sha256": "orders", "row_number": number, "order_id": f"of-{who}",
         "customer_id": who, "ordered_at": "2026-03-08 10:00:00", "revenue": 10 * number,
         "currency": "USD" if who == "eve" else "EUR"}
        for number, who in enumerate(PEOPLE, 1)
    ]  # fmt: skip
    touches += [
        {**every, "file_sha256": "touches5", "row_number": number, "touch_id": f"{who}5", "customer_id": who,
         "touched_at": "2026-03-05 10:00:00", "network": "x", "campaign": "spring" if who == "ben" else None}
        for number, who in enumerate(PEOPLE, 1)
    ]  # fmt: skip
    touches[0] |= {"campaign": "letters"}  # of no network
    posts = [
        {**every, "file_sha256": "posts0", "row_number": 10 * post + day, **_post(post, day)}
        for post in (1, 2, 3) for day in (2, 3, 5, 8)
    ]  # fmt: skip
    posts += [
        {**every, "file_sha256": f"ads of {action}", "row_number": number, **_ad(level, action, **said)}
        for number, (level, action, said) in enumerate((
            ("campaign", "autumn", {"basis": "range", "period_start": "2026-03-01", "period_end": "2026-03-05"}),
            ("campaign", "winter", {"campaign": "winter"}), ("ad", "91", {"campaign": "winter"}),
        ), 100)
    ]  # fmt: skip
    rates = [{"rate_date": "2026-03-02", "currency": "USD", "rate": 1.1}]
    return {
        "touchpoints": touches, "orders": orders, "action_metrics": posts,
        "fx_rates": [{**every, "file_sha256": "rates1", "row_number": 1, **row} for row in rates],
    }  # fmt: skip


def _post(post: int, day: int, clicks: int = 1, spend: str = "1.10", currency: str = "EUR") -> dict[str, Any]:
    return {
        "network": "x", "action_id": f"{post}", "basis": "day", "metric_date": f"2026-03-{day:02}",
        "impressions": 100 * day, "link_clicks": clicks, "spend": spend, "currency": currency,
    }  # fmt: skip


def _ad(level: str, action: str, campaign: str = "autumn", **said: str) -> dict[str, Any]:
    return {
        "network": "x", "action_id": action, "action_type": "ad", "format": level, "campaign": campaign,
        "spend": "4.20", "currency": "EUR", **(said or {"basis": "day", "metric_date": "2026-03-04"}),
    }  # fmt: skip


def _into(table: str, **row: Any) -> tuple[str, list[Any]]:
    row = {"layout": "test", "source": "test", "row_number": 1, **row}
    return f"insert into loaded.{table} ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values())


def _touch(touch: str, customer: str, at: str, **rest: Any) -> tuple[str, list[Any]]:
    return _into(
        "touchpoints", file_sha256=f"file of {touch}", touch_id=touch, customer_id=customer, touched_at=at, **rest
    )


NIGHTS = (
    ("a new day, with an order without a touch", "a late touch", "a refund", "a link", "a rate"),
    ("a file read again, with less in it", "a file taken away", "an action that touches had pointed to"),
    ("a short link", "a code"),
    ("a day of a post counted again", "a cost"),
    ("a post in dollars, and one taken away", "the rate of its day"),
    ("an ad beside its campaign", "an ad taken away that stood for its campaign"),
    ("a later export of the same day", "an earlier rate"),
    (),
)
CAUSES: dict[str, tuple[list[tuple[str, list[Any]]], set[str]]] = {
    "a new day, with an order without a touch": (
        [
            _touch("ada9", "ada", "2026-03-09 10:00:00", channel="email"),
            _into("orders", source="orders", file_sha256="orders2", order_id="of-kim", customer_id="kim",
                  ordered_at="2026-03-09 12:00:00", revenue=7, currency="EUR"),
        ],
        {"of-kim"},
    ),
    "a late touch": ([_touch("late", "ada", "2026-03-02 10:00:00", channel="search")], {"of-ada"}),
    "a refund": (
        [_into("orders", source="orders", file_sha256="orders3", order_id="of-ben", customer_id="ben",
               as_of="2026-03-20", ordered_at="2026-03-08 10:00:00", revenue=20, currency="EUR", refunded_amount=5)],
        {"of-ben"},
    ),
    "a link": (
        [
            _touch("cookie1", "cookie", "2026-03-03 10:00:00", channel="video"),
            _into("identities", file_sha256="links", anonymous_id="cookie", customer_id="cleo",
                  linked_at="2026-03-08 11:00:00"),
        ],
        {"of-cleo"},
    ),
    "a rate": (
        [_into("fx_rates", file_sha256="rates2", rate_date="2026-03-07", currency="USD", rate=1.25)], {"of-eve"},
    ),
    "a file read again, with less in it": (
        [("delete from loaded.touchpoints where file_sha256 = 'touches4' and customer_id = 'finn'", [])], {"of-finn"},
    ),
    "a file taken away": (
        [("delete from loaded.touchpoints where file_sha256 = 'file of late'", [])], {"of-ada"},
    ),
    "an action that touches had pointed to": (
        [_into("action_metrics", file_sha256="posts", network="x", action_id="77", basis="day",
               metric_date="2026-03-02",
               permalink="https://x.example/posts/77", impressions=1)],
        {f"of-{who}" for who in PEOPLE},
    ),
    "a short link": (
        [_into("marks", file_sha256="marks", mark_type="short_link", mark="https://go.example/a", network="x",
               campaign="links", as_of="2026-03-01")],
        {"of-gus"},
    ),
    "a code": (
        [_into("marks", file_sha256="codes", mark_type="discount_code", mark="SUN", network="x", campaign="sun",
               seller_id="jane", as_of="2026-03-01")],
        {"of-hal"},
    ),
    "a day of a post counted again": (
        [_into("action_metrics", file_sha256="posts2", as_of="2026-03-09", **_post(2, 3, clicks=5, spend="2.30"))],
        set(),
    ),
    "a cost": (
        [_into("costs", file_sha256="costs", period_start="2026-03-01", period_end="2026-03-10", amount=10,
               currency="EUR", cost_type="production", network="x")],
        set(),
    ),
    "a post in dollars, and one taken away": (
        [
            _into("action_metrics", file_sha256="posts3", **_post(4, 7, currency="USD"), account="shop"),
            ("delete from loaded.action_metrics where file_sha256 = 'posts0' and action_id = '3'", []),
        ],
        set(),
    ),
    "the rate of its day": (
        [_into("fx_rates", file_sha256="rates3", rate_date="2026-03-06", currency="USD", rate=1.4)], set(),
    ),
    "an ad beside its campaign": (
        [_into("action_metrics", file_sha256="ads1", **_ad("ad", "92"))], set(),
    ),
    "an ad taken away that stood for its campaign": (
        [("delete from loaded.action_metrics where file_sha256 = 'ads of 91'", [])], set(),
    ),
    "a later export of the same day": (
        [_into("action_metrics", file_sha256="posts4", as_of="2026-03-10", **_post(1, 3, clicks=2, spend="9.90"))],
        set(),
    ),
    "an earlier rate": (
        [_into("fx_rates", file_sha256="rates4", rate_date="2026-03-03", currency="USD", rate=1.3)], set(),
    ),
}  # fmt: skip
"""What comes in the nights one after another, and of which conversions it changes the touches or the amounts."""


def _night(home: Home, *, full_refresh: bool = False, settings: Settings = SETTINGS) -> dict[str, tuple[int, int]]:
    transform(home, settings, full_refresh=full_refresh)
    compute(home, settings)
    attribute(home, settings, full_refresh=full_refresh)
    incrementality.compute(home, settings)
    present(home, settings, full_refresh=full_refresh)
    return table_hashes(Warehouse(home))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("nights"))
    build(home, _given(), settings=SETTINGS)
    yield home


@pytest.mark.parametrize("causes", NIGHTS, ids=lambda causes: ", ".join(causes) or "nothing")
def test_every_cause_is_found_and_the_result_is_that_of_a_rebuild(
    nights: Home, tmp_path: Path, causes: tuple[str, ...]
) -> None:
    with open_warehouse(nights) as connection:
        for cause in causes:
            for statement, values in CAUSES[cause][0]:
                connection.execute(statement, values)
    hashes = _night(nights)
    stale = Warehouse(nights).rows("select conversion_id from intermediate.int_conversions_stale")
    assert {conversion for (conversion,) in stale} == set().union(*(CAUSES[cause][1] for cause in causes))
    again = Home(tmp_path)
    shutil.copytree(nights.root, again.root, dirs_exist_ok=True)
    assert _night(again, full_refresh=True) == hashes


def test_a_night_goes_on_where_it_stopped_and_does_anew_what_broke_off(nights: Home, tmp_path: Path) -> None:
    with open_warehouse(nights) as connection:
        for statement, values in (
            _touch("ada10", "ada", "2026-03-07 10:00:00", network="x"),
            _into("action_metrics", file_sha256="posts5", **_post(5, 6, clicks=7)),
        ):
            connection.execute(statement, values)
    transform(nights, SETTINGS)
    went_on = {model.name for model in transform(nights, SETTINGS)}
    assert went_on.isdisjoint({*TOUCHES, *METRICS})
    again = Home(tmp_path)
    shutil.copytree(nights.root, again.root, dirs_exist_ok=True)
    hashes = _night(nights)
    with open_warehouse(again) as connection:  # its task was killed when it had taken the old credit away
        connection.execute("update built.state set stage = 'attributing'")
        connection.execute(
            "delete from marts.mart_attributed where conversion_id = 'of-ada'; drop table marts.mart_credits"
        )
    compute(again, SETTINGS)
    attribute(again, SETTINGS)
    assert _night(again) == hashes
    assert _night(again, full_refresh=True) == hashes


METRICS = ("int_action_metrics_ranked", "mart_action_metrics_daily", "mart_conversions")


def test_another_setting_and_a_build_that_broke_off_lead_to_a_build_from_nothing(nights: Home) -> None:
    with open_warehouse(nights) as connection:
        connection.execute("delete from marts.mart_attributed; delete from marts.mart_touches")
    longer = SETTINGS.model_copy(update={"lookback_days": 3})
    hashes = _night(nights, settings=longer)
    assert hashes["fct_touchpoints"][0] > 20
    assert hashes == _night(nights, full_refresh=True, settings=longer)
    with open_warehouse(nights) as connection:
        connection.execute("update built.state set stage = 'transforming'; delete from marts.mart_touches")
    assert hashes == _night(nights, settings=longer)


TOUCHES = (
    "int_touches_renewed", "int_touches_identified", "int_touch_marks_resolved", "int_touch_clicks_resolved",
    "int_touches_matched", "int_touches_grouped", "int_touches_placed", "mart_touches",
)  # fmt: skip
CREDIT = (
    "int_journey_touches", "int_conversion_touches", "int_conversion_touches_renewed",
    "int_conversion_touches_placed", "int_credits_by_rule", "int_touches_weighed_by_chain", "int_credits_by_chain",
    "mart_credits", "mart_attributed", "int_journeys_converted", "int_conversion_customers", "int_journeys_lost",
)  # fmt: skip
SUMS = (
    "int_network_clicks_windowed", "int_attributed_changed", "int_results_listed", "mart_roi_daily",
    "fct_network_roi_daily", "int_allocations_daily", "mart_allocations", "fct_roi", "fct_action_roi",
)  # fmt: skip
ACTIONS = (
    "int_action_metrics_ranked", "int_action_metrics_observed", "int_action_metrics_selected",
    "int_action_metrics_combined", "mart_action_metrics_daily", "int_costs_spread", "int_claims_disputed",
)  # fmt: skip
SMALL = (
    "int_action_metrics_identified", "int_action_metrics_booked", "int_action_snapshots_differenced",
    "int_costs_collected", "int_account_metrics_ranked",
)  # fmt: skip
"""What an action's days are made of beside its own rows: read row by row, or whole each time."""
OWN = (
    "int_actions_stale", "int_action_days_stale",
    "int_click_days_stale", "int_allocations_stale", "int_results_stale", "int_members_stale",
    "int_touches_collected", "int_touches_stale", "int_touches_replaced", "int_conversions_stale", "int_paths_stale",
    "int_customers_stale",
)  # fmt: skip
SIGNED = (
    "int_network_aliases_resolved", "stg_raw__networks", "stg_raw__network_aliases", "int_referrer_hosts_resolved",
    "seed_mediums", "seed_sources", "seed_click_ids", "int_attribution_models",
)  # fmt: skip
"""What depends on specifications and the project only; a change of these is a build from nothing."""


def test_whatever_touches_and_credit_are_made_of_is_compared_with_the_last_build() -> None:
    known = {*READ, *TOUCHES, *CREDIT, *SUMS, *ACTIONS, *SMALL, *OWN, *SIGNED}
    for name in (*TOUCHES, *CREDIT, *SUMS, *ACTIONS):
        [path] = (PROJECT / "models").rglob(f"{name}.sql")
        read = set(re.findall(r"(?:ref|renewed)\('(\w+)'", path.read_text(encoding="utf-8")))
        assert read, name
        assert read <= known, f"{name} reads {sorted(read - known)}: add it to READ in pipelines/increment.py"
