"""Money: exchange rates are known and of their day, and no cost is stated twice."""

from __future__ import annotations

from expectations.checks import Check, no_rows
from expectations.contract import REBUILD, Layer
from pipelines.settings import Settings
from pipelines.warehouse import INTERMEDIATE, MARTS

COSTS = f"{MARTS}.mart_costs_daily"
DOUBLED, PAIRED = f"{INTERMEDIATE}.int_costs_doubled", f"{INTERMEDIATE}.int_sales_paired"
RATES = "Put the European Central Bank's newest eurofxref-hist.zip into landing/fx_rates and run again"


def checks(layer: Layer, settings: Settings) -> list[Check]:
    """Every check on currencies and costs."""
    return [
        _convertible(layer("fct_conversions"), settings),
        _of_the_day(layer("fct_conversions")),
        no_rows(
            "costs_convertible",
            COSTS,
            "warn",
            sql="""select original_currency, count(*) as cost_days, sum(original_amount) as amount from this
                where not has_rate group by all order by all""",
            meaning=f"each cost's currency can be turned into {settings.currency}",
            remedy=f"These costs are unknown, and so are the ratios that they belong to. {RATES}",
        ),
        _stated_once(settings),
        _sold_once(settings),
        _roi_complete(layer("fct_roi")),
    ]


def _stated_once(settings: Settings) -> Check:
    counted = {"exports": "the network's own export counts", "costs": "the costs template counts", "both": "both count"}
    asks = settings.ad_spend_from != "both"
    return no_rows(
        "spend_stated_once",
        DOUBLED,
        "warn",
        sql=f"""select network, campaign, count(distinct metric_date) as days, min(metric_date) as first_day from this
            where {asks} group by all order by all""",
        meaning="no ad spend of the costs template is also in the network's own export",
        remedy=f"On these days {counted[settings.ad_spend_from]}. Take the lines out of the costs file, or say in "
        "roi.yml which to count (ad_spend_from: exports, costs, or both where it is different money)",
    )


def _sold_once(settings: Settings) -> Check:
    return no_rows(
        "sale_counted_once",
        PAIRED,
        "warn",
        sql=f"""select opportunity_conversion_id, order_conversion_id, seconds_apart // 86400 as days_apart from this
            where {settings.same_sale_days is None} order by all""",
        meaning="no order of a shop is also a won opportunity of the CRM",
        remedy="Both count. If such pairs are one sale, say so in roi.yml (same_sale_days: 14)",
    )


def _roi_complete(table: str) -> Check:
    return no_rows(
        "cost_complete",
        table,
        "stop",
        sql=f"""with spent as (select network, sum(cost) as cost from {COSTS} where network is not null group by all),
                stated as (select model, network, sum(cost) as cost from this where dimension = 'network' group by all)
            select stated.model, network, spent.cost as cost_spent, stated.cost as cost_published
            from stated full outer join spent using (network)
            where stated.cost is distinct from spent.cost order by all""",
        meaning="each network's cost is the cost of the mart below it",
        remedy=REBUILD,
    )


def _convertible(table: str, settings: Settings) -> Check:
    return no_rows(
        "currency_convertible",
        table,
        "warn",
        sql="""select original_currency, count(*) as conversions, sum(original_amount) as amount from this
            where original_amount is not null and revenue is null group by all order by all""",
        meaning=f"each conversion's currency can be turned into {settings.currency}",
        remedy=f"These conversions count, but without revenue. {RATES}; where no currency is named, answer it in "
        "roi.yml (answers: currency)",
    )


def _of_the_day(table: str) -> Check:
    return no_rows(
        "rates_of_the_day",
        table,
        "warn",
        sql="""select original_currency, conversion_date, rate_date, count(*) as conversions from this
            where rate_date < conversion_date - greatest(0, isodow(conversion_date) - 5)::int
            group by all order by all""",
        meaning="each amount was converted at a rate of its own day, at the weekend at Friday's",
        remedy=f"The last rate before the day was taken. The bank quotes none on its holidays; else: {RATES}",
    )
