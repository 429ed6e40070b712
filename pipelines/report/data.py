"""What the report says about money: queries over the published tables, aggregated in SQL."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.credit_models import PATH_MODELS, RULE_MODELS
from pipelines.report.attention import read_attention
from pipelines.report.caused import read_caused, read_next_steps
from pipelines.report.health import read_health
from pipelines.report.members import read_campaigns, read_sellers
from pipelines.report.queries import (
    ACTIONS,
    CHANNELS,
    NETWORK_ROI,
    OTHER_SLICES,
    PERIOD,
    SOCIAL_SLICES,
    UNRATED,
)
from pipelines.report.said import read_disagreements, read_months_said
from pipelines.report.sql import columns, decimal, open_publication, rows
from pipelines.report.values import (
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
    time_grain,
)
from pipelines.settings import Settings

TOP_ACTIONS = 10
PREFERRED_MODEL = "linear"


def _network_roi(row: dict[str, Any]) -> NetworkRoi:
    conversions = decimal(row["conversions_credited"]) or Decimal(0)
    cost, revenue = decimal(row["cost"]), decimal(row["revenue_credited"])
    if not row["any_sale"]:
        revenue = None
    elif revenue is None and conversions == 0:
        revenue = Decimal(0)  # none of the conversions was credited: that is known to be nothing
    unpriced = int(row["costs_without_rate"])
    comparable = row["network"] != NOT_STATED and not unpriced
    roas, roi = ratios(revenue, cost) if comparable else (None, None)
    return NetworkRoi(row["network"], row["display_name"], cost, conversions, revenue, roas, roi, unpriced)


def _network_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Cost and credit by model and network, and whether any sale is known; the count of costs without a rate where the
    publication has it."""
    counted = "costs_without_rate" in columns(connection, "fct_network_roi_daily")
    return rows(connection, NETWORK_ROI.format(unpriced="sum(r.costs_without_rate)" if counted else "0"))


def roi_table(database: Path, model: str) -> list[NetworkRoi]:
    """Cost and credit of each network under one model, the highest revenue first.

    A network with cost and no conversion appears, one with neither does not. Costs that name no network are a
    row of their own, ``(not stated)``.

    Raises:
        SocialRoiError: nothing is published, or the file is no publication.
    """
    with open_publication(database) as connection:
        found = _network_rows(connection)
    return [_network_roi(row) for row in found if row["model"] == model]


def _models(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    found = rows(
        connection,
        "select model from published.fct_network_roi_daily union select model from published.fct_attributed_revenue",
    )
    names = {str(row["model"]) for row in found} or set(settings.touch_models)
    known = [model for model in (*RULE_MODELS, *PATH_MODELS) if model in names]
    return known + sorted(names - set(known))


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
        time_zone=str(row.get("time_zone") or settings.time_zone),
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
    networks = _by_model(_network_rows(connection))
    social = _by_model(rows(connection, SOCIAL_SLICES, grain))
    other = _by_model(rows(connection, OTHER_SLICES, grain, zone))
    channels = _by_model(rows(connection, CHANNELS))
    actions = _by_model(rows(connection, ACTIONS, TOP_ACTIONS))
    campaigns, months_said = read_campaigns(connection), read_months_said(connection)
    results = []
    for model in models:
        credited = [row.pop("actions_revenue") for row in actions[model]]
        slices = (Slice(row["period_start"], row["series"], row["revenue"]) for row in social[model] + other[model])
        results.append(
            ModelResult(
                model=model,
                networks=tuple(_network_roi(row) for row in networks[model]),
                slices=tuple(slices),
                channels=tuple(ChannelRevenue(**row) for row in channels[model]),
                actions=tuple(ActionRoi(**row) for row in actions[model]),
                actions_revenue=(decimal(credited[0]) if credited else None) or Decimal(0),
                campaigns=campaigns.get(model, ()),
                months_said=months_said.get(model, ()),
            )
        )
    return tuple(results)


def read_report(database: Path, settings: Settings) -> ReportData:
    """Read all that the report shows from one publication.

    Raises:
        SocialRoiError: nothing is published, or the file is no publication.
    """
    with open_publication(database) as connection:
        publication = _publication(connection, settings)
        span = rows(connection, PERIOD, publication.time_zone)[0]
        period = (span["first_day"], span["last_day"]) if span["first_day"] else None
        models = _models(connection, settings)
        main = PREFERRED_MODEL if PREFERRED_MODEL in models else models[0]
        names = rows(connection, "select network, display_name from published.dim_networks order by network")
        return ReportData(
            publication=publication,
            period=period,
            grain=time_grain(period),
            network_names={row["network"]: row["display_name"] or row["network"] for row in names},
            conversions=_conversions(connection),
            models=_model_results(connection, models, grain=time_grain(period), zone=publication.time_zone),
            main_model=main,
            attention=read_attention(connection, publication.time_zone),
            health=read_health(connection, with_networks="networks" in columns(connection, "meta_loads")),
            sellers=read_sellers(connection),
            disagreements=read_disagreements(connection),
            caused=read_caused(connection, main),
            next_steps=read_next_steps(connection),
        )
