"""Figures: conversions, cost and ROI follow from each other, and a reader is told what weakens them."""

from __future__ import annotations

from expectations.checks import Check, never_null, no_rows, one_of
from expectations.contract import REBUILD, Layer
from expectations.credit import NO_CHANNEL
from pipelines.settings import Settings
from pipelines.warehouse import INTERMEDIATE

ORDERS = f"{INTERMEDIATE}.int_orders_counted"
ACCOUNT_NOT_STATED = "(not stated)"
RATIO_TOLERANCE = "1e-6"
STALE_AFTER_DAYS = 45


def conversions(layer: Layer, settings: Settings) -> list[Check]:
    """Conversions: their kind, time and money."""
    table = layer("fct_conversions")
    return [
        *never_null(table, ["converted_at"], show=["conversion_id"], remedy="Give the order's date in the export"),
        one_of(table, "kind", ["order", "opportunity"], show=["conversion_id"], remedy=REBUILD),
        no_rows(
            "revenue_in_reporting_currency",
            table,
            "stop",
            sql=f"""select conversion_id, revenue, original_amount, original_currency from this
                where original_currency = '{settings.currency}' and revenue is distinct from original_amount
                order by all""",
            meaning=f"an amount in {settings.currency} is published unchanged",
            remedy=REBUILD,
        ),
        no_rows(
            "orders_counted_once",
            ORDERS,
            "warn",
            sql="""select source, count(*) as orders, sum(revenue) as amount from this
                where not is_counted group by all order by all""",
            meaning="no payments or tagged purchases lie beside a shop's orders",
            remedy="They are the shop's orders over again and are no conversions; if they are another business, "
            "name all its sources in roi.yml (orders_from)",
        ),
        no_rows(
            "most_conversions_have_a_touch",
            layer("fct_attributed_revenue"),
            "warn",
            sql=f"""with counted as (
                    select model, count(*) filter (where channel = '{NO_CHANNEL}') as without_touch,
                    count(distinct conversion_id) as conversions from this group by all
                )
                select * from counted where without_touch > 0.5 * conversions order by all""",
            meaning="at least half of the conversions have a touch",
            remedy="Check that links carry utm parameters and that touchpoints cover the orders' period",
        ),
    ]


def roi(layer: Layer) -> list[Check]:
    """ROI and ROAS follow from the cost and revenue beside them, and no revenue is lost on the way."""
    by_network, by_action = layer("fct_network_roi_daily"), layer("fct_action_roi")
    return [
        _ratios(by_network, "model, network, campaign, metric_date", having="network is not null"),
        _ratios(by_action, "model, action_key", having="true"),
        _ratios(layer("fct_roi"), "model, dimension, network, member", having="true"),
        _complete(
            "network_revenue_complete",
            by_network,
            "network",
            of=layer("fct_attributed_revenue"),
            among="true",
        ),
        _complete(
            "action_revenue_complete",
            by_action,
            "action_key",
            of=layer("fct_attributed_revenue"),
            among="true",
        ),
        _complete(
            "channel_revenue_complete",
            layer("fct_channel_credit"),
            "channel",
            of=layer("fct_attributed_revenue"),
            among="period_kind = 'all'",
        ),
        no_rows(
            "cost_same_in_every_model",
            by_network,
            "stop",
            sql="""with costs as (select network, model, sum(cost) as cost from this group by all)
                select network, min(cost) as lowest_cost, max(cost) as highest_cost from costs
                group by all having max(cost) <> min(cost) order by all""",
            meaning="a network costs the same whichever model divides the revenue",
            remedy=REBUILD,
        ),
    ]


def _complete(name: str, table: str, column: str, *, of: str, among: str) -> Check:
    """What a summary says of one column's values is what the touches below it were credited."""
    return no_rows(
        name,
        table,
        "stop",
        sql=f"""with summed as (
                select model, {column}, sum(revenue_credited) as summed from this where {among} group by all
            ), credited as (
                select model, {column}, sum(revenue_credited) as credited from {of}
                where {column} is not null group by all
            )
            select model, {column}, credited, summed from credited left join summed using (model, {column})
            where coalesce(credited, 0) <> coalesce(summed, 0) order by all""",
        meaning=f"for each {column} the revenue is what its touches were credited",
        remedy=REBUILD,
    )


def _ratios(table: str, key: str, *, having: str) -> Check:
    """A cost in a currency without a rate leaves the ratios unknown."""
    allowed = f"{RATIO_TOLERANCE} * greatest(1, abs(wanted))"
    return no_rows(
        "ratios_consistent",
        table,
        "stop",
        sql=f"""select {key}, cost, revenue_credited, roi, roas from (
                select *, case when {having} and costs_without_rate = 0
                    then revenue_credited::double / nullif(cost::double, 0) end as wanted from this
            )
            where (roas is null) <> (wanted is null) or (roi is null) <> (wanted is null)
            or abs(roas - wanted) > {allowed} or abs(roi - (wanted - 1)) > {allowed} order by all""",
        meaning="roas is revenue by cost and roi is roas less 1; both are NULL where cost is not known",
        remedy=REBUILD,
    )


def costs(layer: Layer, *, of: str) -> Check:
    """Each network's cost over all days is the cost of the mart below it."""
    return no_rows(
        "cost_complete",
        layer("fct_network_roi_daily"),
        "stop",
        sql=f"""with daily as (select model, network, sum(cost) as cost from this group by all),
                spent as (select network, sum(cost) as cost from {of} group by all),
                models as (select distinct model from daily)
            select models.model, spent.network, spent.cost as cost_spent, daily.cost as cost_published
            from spent cross join models
            left join daily on daily.model = models.model and daily.network is not distinct from spent.network
            where spent.cost is distinct from daily.cost order by all""",
        meaning="no cost is lost or doubled on the way to a network's ROI",
        remedy=REBUILD,
    )


def actions(layer: Layer) -> list[Check]:
    """What a reader should know of accounts and networks."""
    daily = ("fct_action_metrics_daily", "fct_account_metrics_daily")
    rows = " union all ".join(f"select network, metric_date from {layer(name)}" for name in daily)
    return [
        no_rows(
            "account_stated",
            layer("dim_actions"),
            "warn",
            sql=f"""select network, count(*) as actions from this
                where coalesce(account, '{ACCOUNT_NOT_STATED}') = '{ACCOUNT_NOT_STATED}'
                group by all order by all""",
            meaning="each action says from which account it is",
            remedy="Put each account's exports below landing/<source>/<account>/, or answer in roi.yml",
        ),
        no_rows(
            "networks_fresh",
            layer("dim_networks"),
            "warn",
            sql=f"""with days as (select network, max(metric_date) as last_day from ({rows}) group by all),
                    newest as (select max(last_day) as newest_day from days)
                select network, last_day, newest_day from this join days using (network) cross join newest
                where status <> 'retired' and last_day < newest_day - {STALE_AFTER_DAYS} order by all""",
            meaning=f"no network is more than {STALE_AFTER_DAYS} days behind the newest data",
            remedy="Export the network's latest period and put it into the landing folder",
        ),
    ]
