"""The published tables that users rely on: grain and columns, as CONTRACT.md section 3 names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from expectations.checks import Check, has_columns, unique_key


@dataclass(frozen=True)
class PublishedTable:
    """A published table: the columns that make a row unique, and every column that is relied on."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


Layer = Callable[[str], str]
"""Where a published table stands: its name in, its schema-qualified name out."""

UPSTREAM = "warehouse"
"""The name under which a candidate for publication sees the warehouse that it was made from: its own, since views name
the database that they stand in."""

REBUILD = "Run `social-roi run --full-refresh`; report it if the failure stays"
DAILY = "impressions reach engagements reactions comments shares saves link_clicks video_views follows spend"


def _table(name: str, key: str, columns: str) -> PublishedTable:
    return PublishedTable(name, tuple(key.split()), tuple(columns.split()))


def published_tables() -> dict[str, PublishedTable]:
    """Every table of the contract that exists so far, by name."""
    tables = (
        _table("dim_networks", "network", "network display_name status metrics_offered"),
        _table(
            "dim_actions",
            "action_key",
            """action_key network account action_id action_type published_at campaign format permalink
            text_excerpt seller_id""",
        ),
        _table(
            "fct_action_metrics_daily",
            "action_key metric_date",
            f"action_key network metric_date {DAILY} basis",
        ),
        _table("fct_account_metrics_daily", "network account metric_date", f"network account metric_date {DAILY}"),
        _table(
            "fct_conversions",
            "conversion_id",
            """conversion_id kind customer_id account_id converted_at revenue refunded net_revenue margin
            original_amount original_currency""",
        ),
        _table(
            "fct_touchpoints",
            "touch_id",
            """touch_id customer_id touched_at channel network campaign action_key seller_id touch_type
            match_level""",
        ),
        _table(
            "fct_attributed_revenue",
            "model conversion_id touch_id",
            """model conversion_id converted_at touch_id touched_at channel network campaign action_key
            seller_id credit revenue_credited net_revenue_credited""",
        ),
        _table(
            "fct_channel_credit",
            "model period_kind period_start channel",
            """model period_kind period_start channel conversions_credited revenue_credited removal_effect
            credit_share""",
        ),
        _table(
            "fct_chain_credit",
            "model grain period_kind period_start channel network member",
            """model grain period_kind period_start channel network member conversions_credited revenue_credited
            removal_effect""",
        ),
        _table(
            "fct_action_roi",
            "model action_key",
            "model action_key network conversions_credited revenue_credited revenue_allocated cost roi roas",
        ),
        _table(
            "fct_network_roi_daily",
            "model network campaign metric_date",
            "model network campaign metric_date cost conversions_credited revenue_credited roi roas",
        ),
        _table(
            "fct_roi",
            "model dimension network member",
            """model dimension network member conversions_credited revenue_credited net_revenue_credited cost
            cost_allocated roi roas cpa first_cost_date payback_date payback_days""",
        ),
        _table(
            "fct_seller_pipeline",
            "seller_id stage month",
            """seller_id stage month touches accounts_touched opportunities revenue_credited revenue_won
            revenue_influenced""",
        ),
        _table(
            "fct_incremental_revenue",
            "network campaign period_kind period_start",
            """network campaign period_kind period_start period_end incremental_revenue incremental_revenue_low
            incremental_revenue_high spend incremental_roas incremental_roas_low incremental_roas_high evidence
            method""",
        ),
        _table(
            "fct_action_incremental_revenue",
            "action_key",
            """action_key network period_start period_end incremental_revenue incremental_revenue_low
            incremental_revenue_high spend evidence method""",
        ),
        _table(
            "fct_incremental_advice",
            "network",
            """network marginal_roas_low marginal_roas_high advice advice_reason test_days test_part
            test_standard_error test_narrows""",
        ),
        _table("fct_journeys", "path", "path conversions revenue non_conversions"),
        _table(
            "meta_loads",
            "",
            """file_sha256 path source format account locale rows_read rows_loaded rows_quarantined
            rows_ignored loaded_at status reason""",
        ),
        _table("meta_file_totals", "", "file_sha256 metric native_name total_loaded rows_with_value"),
        _table(
            "meta_reconciliation",
            "",
            "kind network account action_key metric period_start period_end value_believed value_other difference",
        ),
        _table("meta_quarantine", "", "file_sha256 row_number reason column_name value_excerpt"),
        _table("meta_checks", "", "run_id stage suite expectation severity success observed expected"),
    )
    return {table.name: table for table in tables}


def shapes(layer: Layer) -> list[Check]:
    """Columns and key of every published table, where ``layer`` says that it stands."""
    found = []
    for table in published_tables().values():
        qualified = layer(table.name)
        found.append(has_columns(qualified, table.columns, remedy=REBUILD))
        if table.key:
            found.append(unique_key(qualified, table.key, remedy=REBUILD))
    return found
