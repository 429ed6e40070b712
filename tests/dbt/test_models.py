"""Models of one's own, the public oracles, and what holds for every journey."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.credit_models import PATH_MODELS, RULE_MODELS
from pipelines.settings import Home, Settings
from tests.attribution import reference
from tests.dbt.given import Rows, Warehouse, build, published_rows, read_cases

CASES = read_cases("models")
ORDERED = datetime.fromisoformat("2026-03-10 12:00:00")
BILLIONTH = Fraction(1, 10**9)


def _touch(touch: str, customer: str, channel: str, days: int, touch_type: str = "click") -> dict[str, Any]:
    at = ORDERED - timedelta(days=days)
    return {"touch_id": touch, "customer_id": customer, "touched_at": at, "channel": channel, "touch_type": touch_type}


def _order(order: str, customer: str) -> dict[str, Any]:
    return {
        "source": "orders", "order_id": order, "customer_id": customer, "ordered_at": ORDERED, "revenue": 1,
        "currency": "EUR",
    }  # fmt: skip


def _rows() -> dict[str, Rows]:
    touches, orders = [], []
    for kind, journey in enumerate(CASES["journeys"]):
        for person in range(journey["people"]):
            who = f"p{kind}-{person}"
            orders.append(_order(who, who))
            days = range(len(journey["path"]), 0, -1)
            touches += [
                _touch(f"{who}-{day}", who, channel, day) for channel, day in zip(journey["path"], days, strict=True)
            ]
    for number, case in enumerate(CASES["touches"]):
        orders.append(_order(f"case{number}", f"case{number}"))
        touches += [_touch(touch, f"case{number}", *how) for touch, how in case["touches"].items()]
    orders.append(_order("long", "long"))
    touches += [
        {**_touch(f"long{n:04}", "long", f"channel{n % 7}", 1), "touched_at": ORDERED - timedelta(seconds=n)}
        for n in range(1000)
    ]
    touches += [{**_touch(case["name"], "link", "", 1), "channel": None, **case["touch"]} for case in CASES["links"]]
    every = {"file_sha256": "f1", "layout": "test", "source": "test"}
    action = {"network": "x", "action_id": "777", "basis": "day", "metric_date": "2026-03-01", "impressions": 1}
    others = {
        table: [{**every, "row_number": number, **row} for number, row in enumerate(rows, 1001)]
        for case in CASES["published"]
        for table, rows in case["given"].items()
        if table not in ("touchpoints", "orders")
    }
    for case in CASES["published"]:
        touches += case["given"].get("touchpoints", [])
        orders += case["given"].get("orders", [])
    return {
        **others,
        "action_metrics": [{**every, "row_number": 1, **action}, *others.get("action_metrics", [])],
        "touchpoints": [{**every, "row_number": number, **row} for number, row in enumerate(touches, 1)],
        "orders": [{**every, "row_number": number, **row} for number, row in enumerate(orders, 1)],
    }


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return build(Home(tmp_path_factory.mktemp("own")), _rows(), settings=Settings.model_validate(CASES["settings"]))


@pytest.mark.parametrize("model", CASES["channels"])
def test_channels_have_the_exact_credit_of_the_oracle(own: Warehouse, model: str) -> None:
    found = dict(
        own.rows(
            f"""select channel, sum(credit) from published.fct_attributed_revenue
            where model = '{model}' and conversion_id like 'p_-%' group by channel"""
        )
    )
    wanted = {channel: Fraction(value) for channel, value in CASES["channels"][model].items()}
    assert set(found) == set(wanted)
    for channel, value in wanted.items():
        assert abs(Fraction(found[channel]) - value) <= 10 * BILLIONTH, channel


@pytest.mark.parametrize("number", range(len(CASES["touches"])), ids=[case["name"] for case in CASES["touches"]])
def test_touches_have_the_exact_credit(own: Warehouse, number: int) -> None:
    for model, wanted in CASES["touches"][number]["expected"].items():
        found = dict(
            own.rows(
                f"""select coalesce(touch_id, '-'), credit from published.fct_attributed_revenue
                where model = '{model}' and conversion_id = 'case{number}'"""
            )
        )
        assert set(found) == set(wanted), model
        for touch, value in wanted.items():
            assert abs(Fraction(found[touch]) - Fraction(value)) <= BILLIONTH, (model, touch)


@pytest.mark.parametrize("case", CASES["links"], ids=lambda case: case["name"])
def test_a_link_says_what_the_utm_convention_reads_out_of_it(own: Warehouse, case: dict[str, Any]) -> None:
    columns = list(case["expected"])
    [found] = own.rows(f"select {', '.join(columns)} from published.fct_touchpoints where touch_id = '{case['name']}'")
    assert dict(zip(columns, found, strict=True)) == case["expected"]


@pytest.mark.parametrize("case", CASES["published"], ids=lambda case: case["name"])
def test_published_rows_are_the_expected_ones_under_these_settings(own: Warehouse, case: dict[str, Any]) -> None:
    assert published_rows(own, case["expected"]) == case["expected"]["rows"]


@pytest.mark.parametrize("grain", ["campaign", "action"])
def test_chains_and_games_of_campaigns_and_actions_are_published(own: Warehouse, grain: str) -> None:
    journeys = own.rows(
        f"""select from_json(path, '["VARCHAR"]'), sum(conversions)::int, sum(non_conversions)::int
        from marts.mart_journeys_monthly where grain = '{grain}' group by path"""
    )
    walked = [(tuple(path), conversions, nulls) for path, conversions, nulls in journeys]
    effects = reference.removal_effects(walked)
    assert any(len(json.loads(state)) == 3 for state in effects)
    found = {
        (model, tuple(place)): (conversions, effect)
        for model, *place, conversions, effect in own.rows(
            f"""select model, channel, network, member, conversions_credited, removal_effect
            from published.fct_chain_credit
            where grain = '{grain}' and period_kind = 'all' and channel <> '(none)'"""
        )
    }
    assert len(found) == 2 * len(effects)
    for state, effect in effects.items():
        place = (*json.loads(state), None, None)[:3]
        assert found["markov", place][1] == pytest.approx(float(effect), abs=1e-12)
        value = sum(Fraction(conversions, len(set(path))) for path, conversions, _ in walked if state in path)
        assert abs(Fraction(found["shapley", place][0]) - value) < Fraction(1, 10**6)


THOUSAND = Fraction(1, 1000)
"""What each of 1000 touches, oldest first, has under each model, those between the first two and the last two alike."""
LONG: dict[str, list[Fraction]] = {
    "first_touch": [Fraction(1), Fraction(0), Fraction(0), Fraction(0)],
    "last_touch": [Fraction(0), Fraction(0), Fraction(0), Fraction(1)],
    "last_non_direct": [Fraction(0), Fraction(0), Fraction(0), Fraction(1)],
    "linear": [THOUSAND] * 4,
    "position_based": [Fraction(2, 5), Fraction(1, 4990), Fraction(1, 4990), Fraction(2, 5)],
}


@pytest.mark.parametrize("model", [*RULE_MODELS, *PATH_MODELS])
def test_a_journey_of_a_thousand_touches_adds_up(own: Warehouse, model: str) -> None:
    found = dict(
        own.rows(
            f"""select touch_id, credit from published.fct_attributed_revenue
            where model = '{model}' and conversion_id = 'long'"""
        )
    )
    assert sum(found.values()) == 1
    assert own.rows(
        f"""select sum(revenue_credited), sum(net_revenue_credited) from published.fct_attributed_revenue
        where model = '{model}' and conversion_id = 'long'"""
    ) == [(1, 1)]
    credits = [Fraction(found.get(f"long{number:04}", 0)) for number in reversed(range(1000))]
    first, second, *between, last_but_one, last = credits
    wanted = LONG.get("position_based" if model in ("w_shaped", "full_path") else model)
    if wanted:
        assert [abs(a - b) <= BILLIONTH for a, b in zip([first, second, last_but_one, last], wanted, strict=True)]
        assert max(between) - min(between) <= BILLIONTH
        assert abs(between[0] - wanted[1]) <= BILLIONTH
    elif model == "time_decay":
        assert credits == sorted(credits)
        assert abs(last / first - Fraction(2 ** (999 / (7 * 86400)))) < Fraction(1, 10**5)
    else:
        for alike in (credits[channel::7] for channel in range(7)):
            assert max(alike) - min(alike) <= BILLIONTH, "touches of one channel have alike"
            assert model != "shapley_ordered" or abs(sum(alike) - Fraction(1, 7)) <= len(alike) * BILLIONTH


ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["anna", "bert", "cleo"]),
        st.integers(0, 40 * 86400),
        st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-10, 10) | st.none(),
    ),
    min_size=1,
    max_size=6,
)
TOUCHES = st.lists(
    st.tuples(
        st.sampled_from(["anna", "bert", "cleo"]),
        st.integers(0, 40 * 86400),
        st.sampled_from(["direct", "email", "x_paid", "a > b"]),
        st.sampled_from(["click", "view", "meeting"]),
    ),
    max_size=12,
)


def _within_reach(orders: list[Any], touches: list[Any]) -> bool:
    """Whether any touch counts for any order whatever its kind: of the same person, within the day before."""
    pairs = [(order, touch) for _, order in orders for _, touch in touches if order[0] == touch[0]]
    return any(0 <= order[1] - touch[1] <= 86400 and touch[3] == "click" for order, touch in pairs)


def _money(micros: int | None) -> str | None:
    return None if micros is None else f"{Decimal(micros).scaleb(-6):f}"


def _credits(connection: duckdb.DuckDBPyConnection, orders: list[Any], touches: list[Any]) -> list[tuple[Any, ...]]:
    """What the model int_credits_by_rule makes of these rows, in a copy of its own of the marts it reads."""
    connection.execute("begin")
    try:
        return _credited(connection, orders, touches)
    finally:
        connection.execute("rollback")


def _credited(connection: duckdb.DuckDBPyConnection, orders: list[Any], touches: list[Any]) -> list[tuple[Any, ...]]:
    connection.execute("delete from marts.mart_conversions")
    connection.execute("delete from marts.mart_touches")
    connection.executemany(
        """insert into marts.mart_conversions (conversion_id, journey_key, converted_second, revenue, net_revenue)
        values (?, ?, ?, cast(? as decimal(18, 6)), cast(? as decimal(18, 6)))""",
        [(key, who, second, _money(micros), _money(micros and -micros)) for key, (who, second, micros) in orders],
    )
    if touches:
        connection.executemany(
            """insert into marts.mart_touches
            (touch_id, customer_id, touched_at, touched_second, channel, touch_type, is_paid)
            values (?, ?, make_timestamp(cast(? as bigint) * 1000000), ?, ?, ?, right(?, 5) = '_paid')""",
            [(key, who, second, second, channel, kind, channel) for key, (who, second, channel, kind) in touches],
        )
    connection.execute("create or replace temp table divided as select * from intermediate.int_credits_by_rule")
    connection.execute("create or replace temp table credited as " + _listed(connection))
    found = connection.execute("select * from credited order by all").fetchall()
    wrong = connection.execute(
        """select credited.model, conversion_id from credited
        join marts.mart_conversions using (conversion_id) group by all
        having sum(credit) <> 1000000000 or min(credit) < 0
            or sum(micros) is distinct from any_value(cast(revenue as decimal(38, 6))) * 1000000
            or sum(net_micros) is distinct from any_value(cast(net_revenue as decimal(38, 6))) * 1000000"""
    ).fetchall()
    assert wrong == []
    assert [row for row in found if row[2]] or not _within_reach(orders, touches)
    return found


def _listed(connection: duckdb.DuckDBPyConnection) -> str:
    """A query for one row for each model, conversion and touch, out of the columns of each model."""
    columns = connection.execute("select * from divided limit 0").description or []
    models = [name.removesuffix("_credit") for name, *_ in columns if name.endswith("_credit")]
    assert len(models) > 8
    return " union all ".join(
        f"""select '{model}' as model, conversion_id, touch_id, {model}_credit as credit, {model}_revenue as micros,
            case when net_is_revenue then {model}_revenue else {model}_net_revenue end as net_micros
        from divided where {model}_credit is not null"""
        for model in models
    )


@pytest.fixture(scope="module")
def connection(own: Warehouse) -> Any:
    from pipelines.warehouse import open_warehouse

    with open_warehouse(own.home) as opened:
        yield opened


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=ORDERS, touches=TOUCHES, seed=st.integers(0, 99))
def test_every_journey_conserves_revenue_in_any_order_and_leaves_others_alone(
    connection: duckdb.DuckDBPyConnection, orders: list[Any], touches: list[Any], seed: int
) -> None:
    named_orders = [(f"o{number}", order) for number, order in enumerate(orders)]
    named_touches = [(f"t{number}", touch) for number, touch in enumerate(touches)]
    found = _credits(connection, named_orders, named_touches)
    models = {row[0] for row in found}
    assert {(row[0], row[1]) for row in found} == {(model, key) for model in models for key, _ in named_orders}
    mixer = random.Random(seed)
    shuffled = (mixer.sample(named_orders, len(named_orders)), mixer.sample(named_touches, len(named_touches)))
    assert _credits(connection, *shuffled) == found
    another = [*named_orders, ("new", ("anna", 30 * 86400, 5))]
    assert [row for row in _credits(connection, another, named_touches) if row[1] != "new"] == found
