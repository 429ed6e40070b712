"""Evidence out of the warehouse: small aggregates of the marts, in an order that does not depend on how they came."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.incrementality.evidence import Credit, CreditedDays, Evidence, Floats, Panel, Part
from pipelines.incrementality.lifts import lift_tests, records
from pipelines.incrementality.weeks import by_day, with_closed_days
from pipelines.warehouse import MARTS

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

COUNTS = ("impressions", "video_views", "engagements", "link_clicks")
"""What people saw of a network, the first that it reports."""
STATED = "daily_sales"
"""The basis of sales that are stated by day, rather than added up from conversions."""
NONE = "(none)"
"""A network's effect that no campaign, or no action, is known for."""

_SALES = f"select metric_date, revenue, without_rate, controls, basis from {MARTS}.mart_sales_daily order by 1"
_ORDERS = f"""
    select sum(cast(net_revenue as double) * cast(net_revenue as double)) / nullif(sum(cast(net_revenue as double)), 0)
    from {MARTS}.mart_conversions where net_revenue > 0
"""
_EXPOSURE = f"select * from {MARTS}.mart_exposure_daily order by network, campaign nulls first, metric_date"
_CREDIT = f"""
    select model, dimension, network, member, sum(net_revenue_credited), sum(conversions_credited)
    from {MARTS}.mart_roi_daily
    where dimension in ('network', 'campaign', 'action') and metric_date between $first and $last
    group by all order by all
"""
_CREDITED = f"""
    select network, metric_date, sum(net_revenue_credited), sum(conversions_credited)
    from {MARTS}.mart_roi_daily
    where dimension = 'network' and metric_date between $first and $last group by 1, 2 order by 1, 2
"""
_ACTIONS = f"""
    select metrics.network, metrics.action_key, any_value(actions.campaign), sum(metrics.impressions),
        sum(metrics.video_views), sum(metrics.engagements), sum(metrics.link_clicks)
    from {MARTS}.mart_action_metrics_daily as metrics
    left join {MARTS}.mart_actions as actions on metrics.action_key = actions.action_key
    where metrics.metric_date between $first and $last group by 1, 2 order by 1, 2
"""
_COSTS = f"""
    select action_key, sum(cost) from {MARTS}.mart_costs_daily
    where action_key is not null and metric_date between $first and $last group by 1
"""


def read(connection: Connection) -> tuple[Evidence | None, dict[str, list[str]]]:
    """All evidence of a warehouse, and by network what could not be used of it and why; no evidence where there are no
    sales or no network."""
    exposure = records(connection, _EXPOSURE)
    orders = connection.execute(_ORDERS).fetchone()
    sales, assumed = by_day(records(connection, _SALES)), None
    if sales and sales[0]["basis"] == STATED:
        sales, assumed = with_closed_days(sales)
    panel = _panel(sales, exposure, float((orders or (0,))[0] or 0))
    if panel is None:
        return None, {}
    days = {"first": panel.dates[0].item(), "last": panel.dates[-1].item()}
    credit = connection.execute(_CREDIT, days).fetchall()
    tests, notes = lift_tests(connection)
    said = [each for each in (assumed, _gap(sales, days["first"])) if each]
    notes = {network: [*said, *notes.get(network, ())] for network in panel.networks}
    parts = [*_campaigns(panel, exposure, credit), *_actions(connection, panel, credit, days)]
    credited = _credited(panel, connection.execute(_CREDITED, days).fetchall(), models=len({row[0] for row in credit}))
    return Evidence(panel, tests, _credits(panel, credit), tuple(parts), credited, _claimed(panel, exposure)), notes


def _panel(sales: list[dict[str, Any]], exposure: list[dict[str, Any]], order_value: float) -> Panel | None:
    """The days from the first of which any network says anything to the last with a sale. A day without sales among
    conversions had none; among sales that are stated by day it is not known, and the panel begins after it."""
    networks = sorted({row["network"] for row in exposure})
    seen = [row["metric_date"] for row in exposure if any(row[name] is not None for name in _columns())]
    if not sales or not networks or not seen:
        return None
    first, last = max(sales[0]["metric_date"], min(seen)), sales[-1]["metric_date"]
    if sales[0]["basis"] == STATED:
        first = max(first, _unbroken(sales))
    if first > last:
        return None
    dates = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    revenue = np.zeros(len(dates))
    for row in sales:
        if row["metric_date"] >= first:
            revenue[(row["metric_date"] - first).days] = float(row["revenue"] or 0)
    activity, unit = _activity(exposure, networks, first, len(dates))
    spend = np.full(activity.shape, np.nan)
    for row in exposure:
        place = (row["metric_date"] - first).days
        if row["cost"] is not None and 0 <= place < len(dates):
            column = networks.index(row["network"])
            spend[place, column] = np.nan_to_num(spend[place, column]) + float(row["cost"])
    controls = _controls(sales, first, len(dates))
    return Panel(dates, revenue, tuple(networks), activity, spend, controls, unit, order_value)


def _columns() -> tuple[str, ...]:
    return (*COUNTS, *(f"account_{name}" for name in COUNTS), "cost")


def _unbroken(sales: list[dict[str, Any]]) -> date:
    """The first day from which sales are stated for every day, in a currency that has a rate."""
    start = sales[-1]["metric_date"]
    for row in reversed(sales):
        if (start - row["metric_date"]).days > 1 or row["revenue"] is None:
            break
        start = row["metric_date"]
    found: date = start
    return found


def _gap(sales: list[dict[str, Any]], first: date) -> str | None:
    """That days are missing among stated sales, where the panel begins after them."""
    before = first - timedelta(days=1)
    is_cut = sales[0]["basis"] == STATED and sales[0]["metric_date"] < before
    if not is_cut or any(row["metric_date"] == before and row["revenue"] is not None for row in sales):
        return None
    return f"sales of {before} are not known, so that only later days count: state them, with 0 where nothing was sold"


def _activity(
    exposure: list[dict[str, Any]], networks: list[str], first: date, days: int
) -> tuple[Floats, tuple[str, ...]]:
    """What people saw by day: of the counts that a network reports, the first; of its posts and ads, or of its accounts
    and ads, whichever of posts with ads and accounts speak of more days; where it reports none, what was spent. What an
    account reports lacks most ads, which nobody posted on it."""
    activity = np.full((days, len(networks)), np.nan)
    units = []
    for column, network in enumerate(networks):
        rows = [row for row in exposure if row["network"] == network and 0 <= (row["metric_date"] - first).days < days]
        unit = ""
        for name in (*COUNTS, "cost"):
            seen, account = _by_day(rows, name, first), {}
            if name != "cost":
                account = _by_day(rows, f"account_{name}", first)
            if account and len(account) >= len(seen):
                ads = _by_day(rows, f"ads_{name}", first)
                seen = {day: account.get(day, 0.0) + ads.get(day, 0.0) for day in sorted({*account, *ads})}
            if seen:
                unit = name
                for place, value in seen.items():
                    activity[place, column] = value
                break
        units.append(unit)
    return activity, tuple(units)


def _by_day(rows: list[dict[str, Any]], name: str, first: date) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for row in rows:
        if row[name] is not None:
            found[(row["metric_date"] - first).days] += float(row[name])
    return found


def _controls(sales: list[dict[str, Any]], first: date, days: int) -> Floats:
    """(T, K) the other numeric columns of stated sales that have a value on every day."""
    columns: dict[str, Floats] = {}
    for row in sales:
        place = (row["metric_date"] - first).days
        if 0 <= place < days and row["controls"]:
            for name, value in json.loads(row["controls"]).items():
                column = columns.setdefault(name, np.full(days, np.nan))
                column[place] = _number(value)
    kept = [column for _, column in sorted(columns.items()) if np.isfinite(column).all()]
    return np.stack(kept, axis=1) if kept else np.zeros((days, 0))


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _credits(panel: Panel, credit: list[tuple[Any, ...]]) -> tuple[Credit, ...]:
    return tuple(
        Credit(model, network, float(revenue or 0))
        for model, dimension, network, _, revenue, _ in credit
        if dimension == "network" and network in panel.networks
    )


def _credited(panel: Panel, rows: list[tuple[Any, ...]], *, models: int) -> CreditedDays:
    """Credit by day, on the average of the models."""
    found = CreditedDays(np.zeros((panel.days, len(panel.networks))), np.zeros(len(panel.networks)))
    for network, day, revenue, conversions in rows:
        if network in panel.networks:
            place = panel.networks.index(network)
            found.revenue[(day - panel.dates[0].item()).days, place] = float(revenue or 0) / models
            found.conversions[place] += float(conversions or 0) / models
    return found


def _claimed(panel: Panel, exposure: list[dict[str, Any]]) -> Floats:
    """(T, N) what ad managers claim by day; NaN where they say nothing."""
    claimed = np.full((panel.days, len(panel.networks)), np.nan)
    for place, network in enumerate(panel.networks):
        rows = [row for row in exposure if row["network"] == network]
        for day, amount in _by_day(rows, "revenue_claimed", panel.dates[0].item()).items():
            if 0 <= day < panel.days:
                claimed[day, place] = amount
    return claimed


def _shared(credit: list[tuple[Any, ...]], dimension: str) -> dict[tuple[str, str], tuple[float, float]]:
    """By network and member, credited revenue and conversions on the average of the models; a campaign may be of no
    network."""
    models = {row[0] for row in credit}
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for _, each, network, member, revenue, conversions in credit:
        if each == dimension:
            before = found.get((network, member), (0.0, 0.0))
            found[network, member] = (
                before[0] + float(revenue or 0) / len(models),
                before[1] + float(conversions or 0) / len(models),
            )
    return found


def _campaigns(panel: Panel, exposure: list[dict[str, Any]], credit: list[tuple[Any, ...]]) -> list[Part]:
    """Each network's campaigns, and what of it belongs to none."""
    known = _shared(credit, "campaign")
    seen: dict[tuple[str, str], float] = defaultdict(float)
    spent: dict[tuple[str, str], float] = {}
    units = dict(zip(panel.networks, panel.unit, strict=True))
    for row in exposure:
        if panel.dates[0].item() <= row["metric_date"] <= panel.dates[-1].item():
            key = (row["network"], row["campaign"] or NONE)
            seen[key] += float(row[units[row["network"]] or "impressions"] or 0)
            if row["cost"] is not None:
                spent[key] = spent.get(key, 0.0) + float(row["cost"])
    named = sorted(key for key in {*seen, *known} if key[0] in units and key[1] != NONE)
    rows = {key: (key[1], None, seen[key], spent.get(key)) for key in named}
    rest = {network: (NONE, None, seen[network, NONE], spent.get((network, NONE))) for network in panel.networks}
    return _complete(panel, credit, known, rows, rest)


def _actions(connection: Connection, panel: Panel, credit: list[tuple[Any, ...]], days: dict[str, Any]) -> list[Part]:
    """Each network's actions, and what of it belongs to none."""
    known = _shared(credit, "action")
    costs = {key: float(cost) for key, cost in connection.execute(_COSTS, days).fetchall() if cost is not None}
    rows: dict[tuple[str, str], tuple[str | None, str | None, float, float | None]] = {}
    units = dict(zip(panel.networks, panel.unit, strict=True))
    for network, key, campaign, *counts in connection.execute(_ACTIONS, days).fetchall():
        if network in units:
            count = dict(zip(COUNTS, counts, strict=True)).get(units[network])
            rows[network, key] = (campaign, key, float(count or 0), costs.get(key))
    for network, key in sorted(each for each in {*known} - {*rows} if each[0] in units):
        rows[network, key] = (None, key, 0.0, costs.get(key))
    rest = dict.fromkeys(panel.networks, (None, NONE, 0.0, None))
    return _complete(panel, credit, known, rows, rest)


def _complete(
    panel: Panel,
    credit: list[tuple[Any, ...]],
    known: dict[tuple[str, str], tuple[float, float]],
    rows: dict[tuple[str, str], Any],
    rest: dict[str, Any],
) -> list[Part]:
    """The parts of networks that have any, with what is credited to a network and to none of its parts."""
    parts = []
    totals = _shared(credit, "network")
    for network in panel.networks:
        mine = {key: row for key, row in rows.items() if key[0] == network}
        if not mine:
            continue
        for key, (campaign, action, exposure, cost) in sorted(mine.items()):
            parts.append(Part(network, campaign, action, *known.get(key, (0.0, 0.0)), exposure, cost))
        revenue, conversions = next((value for key, value in totals.items() if key[0] == network), (0.0, 0.0))
        campaign, action, exposure, cost = rest[network]
        left = [
            max(0.0, whole - sum(value[place] for key, value in known.items() if key[0] == network))
            for place, whole in enumerate((revenue, conversions))
        ]
        parts.append(Part(network, campaign, action, left[0], left[1], exposure, cost))
    return parts
