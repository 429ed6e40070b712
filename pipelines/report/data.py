"""What the report says about money: queries over the published tables, aggregated in SQL."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.report.health import read_health
from pipelines.report.sql import columns, decimal, open_publication, rows
from pipelines.report.values import (
    NO_TOUCH,
    NOT_STATED,
    ActionRoi,
    ChannelRevenue,
    Conversions,
    ModelResult,
    NetworkRoi,
    Publication,
    ReportData,
    Slice,
    Unrated,
    ratios,
)
from pipelines.settings import RULE_MODELS, Settings

OTHER_CHANNELS = "(other)"
TOP_ACTIONS = 15
PREFERRED_MODEL = "linear"

NETWORK_ROI = f"""
select
    r.model,
    coalesce(r.network, '{NOT_STATED}') as network,
    coalesce(any_value(n.display_name), any_value(r.network), 'No network stated') as display_name,
    sum(r.cost) as cost,
    coalesce(sum(case when r.network is not null then r.conversions_credited end), 0) as conversions_credited,
    sum(case when r.network is not null then r.revenue_credited end) as revenue_credited
from published.fct_network_roi_daily as r
left join published.dim_networks as n on r.network = n.network
group by r.model, coalesce(r.network, '{NOT_STATED}')
having coalesce(sum(r.cost), 0) <> 0
    or coalesce(sum(case when r.network is not null then abs(r.conversions_credited) end), 0) <> 0
order by r.model, revenue_credited desc nulls last, cost desc nulls last, network
"""

SOCIAL_SLICES = """
select model, network as series, cast(date_trunc($1, metric_date) as date) as period_start, sum(revenue_credited) as revenue
from published.fct_network_roi_daily
where network is not null and revenue_credited <> 0
group by all
order by all
"""

OTHER_SLICES = f"""
select
    model,
    case when channel = '{NO_TOUCH}' then '{NO_TOUCH}' else '{OTHER_CHANNELS}' end as series,
    cast(date_trunc($1, timezone($2, timezone('UTC', cast(converted_at as timestamp)))) as date) as period_start,
    sum(revenue_credited) as revenue
from published.fct_attributed_revenue
where network is null and revenue_credited <> 0
group by all
order by all
"""

CHANNELS = """
select model, channel, sum(credit) as conversions_credited, sum(revenue_credited) as revenue
from published.fct_attributed_revenue
where network is null
group by model, channel
order by model, revenue desc nulls last, channel
"""

ACTIONS = """
with metrics as (
    select action_key, sum(impressions) as impressions, sum(link_clicks) as link_clicks
    from published.fct_action_metrics_daily
    group by action_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by model order by revenue_credited desc nulls last, conversions_credited desc, action_key
        ) as position,
        sum(revenue_credited) over (partition by model) as actions_revenue
    from published.fct_action_roi
    where revenue_credited > 0 or conversions_credited > 0
)

select
    r.model, r.position, r.actions_revenue, r.network, coalesce(n.display_name, r.network) as display_name,
    d.action_type, d.published_at, d.campaign, d.permalink, d.text_excerpt, r.conversions_credited,
    r.revenue_credited, r.revenue_allocated, r.cost, r.roas, m.impressions, m.link_clicks
from ranked as r
left join published.dim_actions as d on r.action_key = d.action_key
left join published.dim_networks as n on r.network = n.network
left join metrics as m on r.action_key = m.action_key
where r.position <= $1
order by r.model, r.position
"""

UNRATED = f"""
select
    coalesce(original_currency, '{NOT_STATED}') as currency, count(*) as conversions,
    sum(original_amount) as original_amount
from published.fct_conversions
where revenue is null
group by all
order by conversions desc, currency
"""

PERIOD = """
select min(day) as first_day, max(day) as last_day
from (
    select metric_date as day from published.fct_network_roi_daily where cost <> 0 or revenue_credited <> 0
    union all
    select cast(timezone($1, timezone('UTC', cast(converted_at as timestamp))) as date) from published.fct_conversions
)
"""


def _network_roi(row: dict[str, Any]) -> NetworkRoi:
    conversions = decimal(row["conversions_credited"]) or Decimal(0)
    cost, revenue = decimal(row["cost"]), decimal(row["revenue_credited"])
    if revenue is None and conversions == 0:
        revenue = Decimal(0)  # no conversion was credited: that is known to be nothing, not unknown
    roas, roi = ratios(revenue, cost)
    return NetworkRoi(row["network"], row["display_name"], cost, conversions, revenue, roas, roi)


def roi_table(database: Path, model: str) -> list[NetworkRoi]:
    """Cost and credit of each network under one model, the highest revenue first.

    A network with cost and no conversion appears, one with neither does not. Costs that name no network are a row of
    their own, ``(not stated)``.

    Raises:
        SocialRoiError: nothing is published, or the file is no publication.
    """
    with open_publication(database) as connection:
        found = rows(connection, NETWORK_ROI)
    return [_network_roi(row) for row in found if row["model"] == model]


def _models(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    found = rows(
        connection,
        "select model from published.fct_network_roi_daily union select model from published.fct_attributed_revenue",
    )
    names = {str(row["model"]) for row in found} or set(settings.models)
    known = [model for model in RULE_MODELS if model in names]
    return known + sorted(names - set(known))


def _grain(period: tuple[date, date] | None) -> str:
    """Weeks up to seven months, then months, quarters and years: 10 to 40 columns are readable."""
    days = (period[1] - period[0]).days if period else 0
    steps = ((215, "week"), (1100, "month"), (3700, "quarter"))
    return next((grain for limit, grain in steps if days <= limit), "year")


def _publication(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Publication:
    found = rows(connection, "select * from published.meta_publication order by published_at desc limit 1")
    row = found[0] if found else {}
    through = row.get("data_through")
    return Publication(
        publication_id=str(row.get("publication_id", NOT_STATED)),
        published_at=row.get("published_at"),
        data_through=through.date() if isinstance(through, datetime) else through,
        git_sha=row.get("git_sha"),
        spec_version=row.get("spec_version"),
        currency=str(row.get("currency") or settings.currency),
    )


def _conversions(connection: duckdb.DuckDBPyConnection) -> Conversions:
    total = rows(
        connection,
        "select count(*) n, sum(revenue) revenue, sum(refunded) refunded from published.fct_conversions",
    )[0]
    unrated = tuple(
        Unrated(row["currency"], row["conversions"], decimal(row["original_amount"]))
        for row in rows(connection, UNRATED)
    )
    return Conversions(total["n"], decimal(total["revenue"]), decimal(total["refunded"]), unrated)


def _by_model(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        groups[str(row.pop("model"))].append(row)
    return groups


def _model_results(
    connection: duckdb.DuckDBPyConnection, models: list[str], *, grain: str, zone: str
) -> tuple[ModelResult, ...]:
    networks = _by_model(rows(connection, NETWORK_ROI))
    social = _by_model(rows(connection, SOCIAL_SLICES, grain))
    other = _by_model(rows(connection, OTHER_SLICES, grain, zone))
    channels = _by_model(rows(connection, CHANNELS))
    actions = _by_model(rows(connection, ACTIONS, TOP_ACTIONS))
    results = []
    for model in models:
        credited = [row.pop("actions_revenue") for row in actions[model]]
        slices = (
            Slice(row["period_start"], row["series"], row["revenue"]) for row in social[model] + other[model]
        )
        results.append(
            ModelResult(
                model=model,
                networks=tuple(_network_roi(row) for row in networks[model]),
                slices=tuple(slices),
                channels=tuple(ChannelRevenue(**row) for row in channels[model]),
                actions=tuple(ActionRoi(**row) for row in actions[model]),
                actions_revenue=(decimal(credited[0]) if credited else None) or Decimal(0),
            )
        )
    return tuple(results)


def read_report(database: Path, settings: Settings) -> ReportData:
    """Read all that the report shows from one publication.

    Raises:
        SocialRoiError: nothing is published, or the file is no publication.
    """
    with open_publication(database) as connection:
        span = rows(connection, PERIOD, settings.time_zone)[0]
        period = (span["first_day"], span["last_day"]) if span["first_day"] else None
        models = _models(connection, settings)
        names = rows(connection, "select network, display_name from published.dim_networks order by network")
        return ReportData(
            publication=_publication(connection, settings),
            period=period,
            grain=_grain(period),
            network_names={row["network"]: row["display_name"] or row["network"] for row in names},
            conversions=_conversions(connection),
            models=_model_results(connection, models, grain=_grain(period), zone=settings.time_zone),
            main_model=PREFERRED_MODEL if PREFERRED_MODEL in models else models[0],
            health=read_health(connection, with_networks="networks" in columns(connection, "meta_loads")),
        )
