"""Rules that facts must keep wherever they stand: the marts in the warehouse, and the candidate for publication."""

from __future__ import annotations

from collections.abc import Callable

from expectations.checks import Check, has_columns, never_null, no_rows, unique_key
from expectations.contract import published_tables
from pipelines.settings import Settings

Layer = Callable[[str], str]
"""Where a published table stands: its name in, its schema-qualified name out."""

REBUILD = "Run `social-roi run --full-refresh`; report it if the failure stays"
ACCOUNT_NOT_STATED = "(not stated)"
NO_CHANNEL = "(none)"
RATIO_TOLERANCE = "1e-6"


def shapes(layer: Layer, names: tuple[str, ...]) -> list[Check]:
    """Columns and key of each published table, from the contract."""
    found = []
    for table in (published_tables()[name] for name in names):
        qualified = layer(table.name)
        found.append(has_columns(qualified, table.columns, remedy=REBUILD))
        if table.key:
            found.append(unique_key(qualified, table.key, remedy=REBUILD))
    return found


def credits(layer: Layer, settings: Settings) -> list[Check]:
    """Credit and money add up exactly, for every model and conversion, and go only to touches that may have them."""
    table, conversions = layer("fct_attributed_revenue"), layer("fct_conversions")
    return [
        no_rows(
            "credits_sum_to_one",
            table,
            "stop",
            sql="""select model, conversion_id, sum(credit) as credit, count(*) as touches from this
                group by all having sum(credit) is distinct from 1 order by all""",
            meaning="for each model and conversion the credits add up to exactly 1",
            remedy=REBUILD,
        ),
        _money_sums(table, conversions, "revenue"),
        _money_sums(table, conversions, "net_revenue"),
        no_rows(
            "credit_between_zero_and_one",
            table,
            "stop",
            sql="""select model, conversion_id, touch_id, credit from this
                where credit is null or credit < 0 or credit > 1 order by all""",
            meaning="no credit is below 0 or above 1",
            remedy=REBUILD,
        ),
        no_rows(
            "no_touch_no_touch_id",
            table,
            "stop",
            sql=f"""select model, conversion_id, channel, touch_id, touched_at, credit from this
                where (channel = '{NO_CHANNEL}') is distinct from (touch_id is null)
                or (channel = '{NO_CHANNEL}' and (touched_at is not null or credit is distinct from 1)) order by all""",
            meaning=f"the row {NO_CHANNEL} has no touch and the whole credit, and every other row has its touch",
            remedy=REBUILD,
        ),
        *_touches_in_time(table, settings),
        _every_model(table, conversions, settings),
    ]


def _money_sums(table: str, conversions: str, column: str) -> Check:
    return no_rows(
        f"{column}_sums_exactly",
        table,
        "stop",
        sql=f"""with credited as (
                select model, conversion_id, sum({column}_credited) as credited,
                count(*) filter (where {column}_credited is null) as unknown_parts from this group by all
            )
            select credited.model, conversion_id, credited.credited, conversions.{column}
            from credited left join {conversions} as conversions using (conversion_id)
            where credited.credited is distinct from conversions.{column}
            or (conversions.{column} is not null and credited.unknown_parts > 0) order by all""",
        meaning=f"for each model the {column} credited to touches adds up to exactly the conversion's; NULL stays NULL",
        remedy=REBUILD,
    )


def _touches_in_time(table: str, settings: Settings) -> list[Check]:
    days = {model: settings.lookback_days_by_model.get(model, settings.lookback_days) for model in settings.models}
    windows = ", ".join(f"('{model}', {window})" for model, window in days.items())
    return [
        no_rows(
            "touched_before_converted",
            table,
            "stop",
            sql="""select model, conversion_id, touch_id, touched_at, converted_at from this
                where touched_at > converted_at order by all""",
            meaning="no touch after the conversion has credit",
            remedy=REBUILD,
        ),
        no_rows(
            "touched_within_lookback",
            table,
            "stop",
            sql=f"""select model, conversion_id, touch_id, touched_at, converted_at, lookback_days
                from this join (values {windows}) as windows (model, lookback_days) using (model)
                where touched_at < converted_at - to_days(lookback_days) order by all""",
            meaning="no touch before the lookback window has credit",
            remedy="If you changed a window in roi.yml, run `social-roi run --full-refresh`",
        ),
    ]


def _every_model(table: str, conversions: str, settings: Settings) -> Check:
    models = ", ".join(f"('{model}')" for model in settings.models)
    return no_rows(
        "no_model_missing",
        conversions,
        "stop",
        sql=f"""select models.model, count(*) as conversions_missing, min(this.conversion_id) as first_missing
            from this cross join (values {models}) as models (model)
            where not exists (
                select 1 from {table} as credited
                where credited.model = models.model and credited.conversion_id = this.conversion_id
            ) group by all order by all""",
        meaning="each model of roi.yml has divided each conversion",
        remedy="If you added a model to roi.yml, run `social-roi run --full-refresh`",
    )


def references(layer: Layer) -> list[Check]:
    """What credit points at exists."""
    table = layer("fct_attributed_revenue")
    pairs = (("conversion_id", "fct_conversions"), ("touch_id", "fct_touchpoints"), ("action_key", "dim_actions"))
    return [
        no_rows(
            f"{column}_exists",
            table,
            "stop",
            sql=f"""select {column}, count(*) as row_count from this where {column} is not null and not exists (
                select 1 from {layer(other)} as known where known.{column} = this.{column}) group by all order by all""",
            meaning=f"each {column} that has credit is in {other}",
            remedy=REBUILD,
        )
        for column, other in pairs
    ]


def roi(layer: Layer) -> list[Check]:
    """ROI and ROAS follow from the cost and revenue beside them, and no revenue or cost is lost on the way."""
    return [
        _ratios(layer("fct_network_roi_daily"), "model, network, campaign, metric_date", "revenue_credited"),
        _ratios(layer("fct_action_roi"), "model, action_key", "revenue_credited"),
        no_rows(
            "network_revenue_complete",
            layer("fct_network_roi_daily"),
            "stop",
            sql=f"""with daily as (select model, network, sum(revenue_credited) as daily from this group by all),
                credited as (
                    select model, network, sum(revenue_credited) as credited from {layer("fct_attributed_revenue")}
                    where network is not null group by all
                )
                select model, network, credited, daily from credited left join daily using (model, network)
                where coalesce(credited, 0) <> coalesce(daily, 0) order by all""",
            meaning="each network's revenue over all days is what its touches were credited",
            remedy=REBUILD,
        ),
        no_rows(
            "cost_same_in_every_model",
            layer("fct_network_roi_daily"),
            "stop",
            sql="""with cost as (select network, model, sum(cost) as cost from this group by all)
                select network, min(cost) as lowest_cost, max(cost) as highest_cost from cost
                group by all having max(cost) - min(cost) <> 0 order by all""",
            meaning="a network costs the same whichever model divides the revenue",
            remedy=REBUILD,
        ),
        no_rows(
            "channel_credit_complete",
            layer("fct_channel_credit"),
            "stop",
            sql=f"""with channels as (
                    select model, channel, sum(revenue_credited) as in_channels from this where period_kind = 'all'
                    group by all
                ), credited as (
                    select model, channel, sum(revenue_credited) as credited from {layer("fct_attributed_revenue")}
                    group by all
                )
                select model, channel, credited, in_channels from credited left join channels using (model, channel)
                where coalesce(credited, 0) <> coalesce(in_channels, 0) order by all""",
            meaning="each channel's revenue over all time is what its touches were credited",
            remedy=REBUILD,
        ),
    ]


def _ratios(table: str, key: str, revenue: str) -> Check:
    return no_rows(
        "ratios_consistent",
        table,
        "stop",
        sql=f"""select {key}, cost, {revenue}, roi, roas from (
                select *, {revenue}::double / nullif(cost::double, 0) as expected_roas from this
            ) where (roas is null) <> (expected_roas is null) or (roi is null) <> (expected_roas is null)
            or abs(roas - expected_roas) > {RATIO_TOLERANCE} * greatest(1, abs(expected_roas))
            or abs(roi - (expected_roas - 1)) > {RATIO_TOLERANCE} * greatest(1, abs(expected_roas)) order by all""",
        meaning="roas is revenue by cost and roi is roas less 1; both are NULL where there is no cost",
        remedy=REBUILD,
    )


def facts(layer: Layer, settings: Settings) -> list[Check]:
    """Conversions and actions: what must hold, and what a reader should know."""
    conversions, actions = layer("fct_conversions"), layer("dim_actions")
    return [
        *never_null(conversions, ["converted_at"], remedy="Give the order's date in the export"),
        Check(
            "kind_known",
            conversions,
            "stop",
            "ExpectColumnValuesToBeInSet",
            {"column": "kind", "value_set": ["order", "opportunity"]},
            "a conversion is an order or an opportunity",
            REBUILD,
        ),
        no_rows(
            "revenue_in_reporting_currency",
            conversions,
            "stop",
            sql=f"""select conversion_id, revenue, original_amount, original_currency from this
                where original_currency = '{settings.currency}' and revenue is distinct from original_amount
                order by all""",
            meaning=f"an amount in {settings.currency} is published unchanged",
            remedy=REBUILD,
        ),
        no_rows(
            "currency_convertible",
            conversions,
            "warn",
            sql="""select original_currency, count(*) as conversions, sum(original_amount) as amount from this
                where original_amount is not null and revenue is null group by all order by all""",
            meaning=f"each conversion's currency can be turned into {settings.currency}",
            remedy="These conversions count, but without revenue: there is no rate for their currency",
        ),
        no_rows(
            "account_stated",
            actions,
            "warn",
            sql=f"""select network, count(*) as actions from this
                where account is null or account = '{ACCOUNT_NOT_STATED}' group by all order by all""",
            meaning="each action says from which account it is",
            remedy="Put the exports of each account below landing/<source>/<account>/, or answer in roi.yml",
        ),
        no_rows(
            "most_conversions_have_a_touch",
            layer("fct_attributed_revenue"),
            "warn",
            sql=f"""select model, count(*) filter (where channel = '{NO_CHANNEL}') as without_touch,
                count(distinct conversion_id) as conversions from this group by all
                having count(*) filter (where channel = '{NO_CHANNEL}') > 0.5 * count(distinct conversion_id)
                order by all""",
            meaning="at least half of the conversions have a touch",
            remedy="Check that links carry utm parameters and that touchpoints cover the period of the orders",
        ),
    ]


def freshness(layer: Layer, *, days: int = 45) -> Check:
    """Each network has recent data, measured by the newest day in the warehouse and not by the clock."""
    daily = ("fct_action_metrics_daily", "fct_account_metrics_daily")
    rows = " union all ".join(f"select network, metric_date from {layer(name)}" for name in daily)
    return no_rows(
        "networks_fresh",
        layer("dim_networks"),
        "warn",
        sql=f"""with days as (select network, max(metric_date) as last_day from ({rows}) group by all)
            select network, last_day, (select max(last_day) from days) as newest_day from this join days using (network)
            where status <> 'retired' and last_day < (select max(last_day) from days) - {days} order by all""",
        meaning=f"no network is more than {days} days behind the newest data",
        remedy="Export the network's latest period and put it into the landing folder",
    )
