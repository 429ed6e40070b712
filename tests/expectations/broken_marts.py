"""Broken marts and publications: what is done to the sound warehouse, which check sees it, and its first sample row."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.expectations.broken import Broken

COSTS = "marts.mart_costs_daily"
CLAIMS, STAGES = "intermediate.int_identity_claims", "intermediate.int_opportunity_stages"
CREDITED, CONVERSIONS = "published.fct_attributed_revenue", "published.fct_conversions"
ROI, ACTION_ROI, CHANNELS = (
    "published.fct_network_roi_daily",
    "published.fct_action_roi",
    "published.fct_channel_credit",
)
O1_T1 = "model = 'linear' and conversion_id = 'o1' and touch_id = 't1'"


def _credit(stage: str) -> list[Broken]:
    """Rules of credit, which the marts and the candidate must keep alike."""
    linear_o1 = {"model": "linear", "conversion_id": "o1"}
    return [
        Broken(
            stage, CREDITED, "credits_sum_to_one",
            f"update {CREDITED} set credit = 0.499999 where {O1_T1}",
            {**linear_o1, "credit": Decimal("0.999999"), "touches": 2},
        ),
        Broken(
            stage, CREDITED, "credit_between_zero_and_one",
            f"update {CREDITED} set credit = case touch_id when 't1' then 1.5 else -0.5 end where conversion_id = 'o1'",
            {"model": "last_touch", "conversion_id": "o1", "touch_id": "t2", "credit": Decimal("-0.5")},
        ),
        Broken(
            stage, CREDITED, "no_touch_no_touch_id",
            f"update {CREDITED} set channel = '(none)' where {O1_T1}",
            {**linear_o1, "channel": "(none)", "touch_id": "t1"},
        ),
        Broken(
            stage, CREDITED, "no_touch_no_touch_id",
            f"update {CREDITED} set channel = 'email' where model = 'linear' and conversion_id = 'o3'",
            {"model": "linear", "conversion_id": "o3", "channel": "email", "touch_id": None},
        ),
        Broken(
            stage, CREDITED, "revenue_sums_exactly",
            f"update {CREDITED} set revenue_credited = 50.000001 where {O1_T1}",
            {**linear_o1, "credited": Decimal("100.000001"), "revenue": Decimal(100)},
        ),
        Broken(
            stage, CREDITED, "revenue_sums_exactly",
            f"update {CREDITED} set revenue_credited = case when touch_id = 't2' then 100 end "
            "where model = 'linear' and conversion_id = 'o1'",
            {**linear_o1, "credited": Decimal(100), "revenue": Decimal(100)},
        ),
        Broken(
            stage, CREDITED, "revenue_sums_exactly",
            f"update {CONVERSIONS} set revenue = null where conversion_id = 'o3'",
            {"model": "last_touch", "conversion_id": "o3", "credited": Decimal(5), "revenue": None},
        ),
        Broken(
            stage, CREDITED, "net_revenue_sums_exactly",
            f"update {CREDITED} set net_revenue_credited = 51 where {O1_T1}",
            {**linear_o1, "credited": Decimal(101), "net_revenue": Decimal(100)},
        ),
        Broken(
            stage, CREDITED, "touched_before_converted",
            f"update {CREDITED} set touched_at = '2026-08-10 12:00:01' where {O1_T1}",
            {**linear_o1, "touch_id": "t1", "touched_at": datetime(2026, 8, 10, 12, 0, 1)},  # noqa: DTZ001
        ),
        Broken(
            stage, CREDITED, "touched_within_lookback",
            f"update {CREDITED} set touched_at = '2026-07-11 11:59:59' where {O1_T1}",
            {**linear_o1, "touch_id": "t1", "lookback_days": 30},
        ),
        Broken(
            stage, CONVERSIONS, "no_model_missing",
            f"delete from {CREDITED} where model = 'linear' and conversion_id <> 'o1'",
            {"model": "linear", "conversions_missing": 2, "first_missing": "o2"},
        ),
        Broken(
            stage, CREDITED, "conversion_id_exists",
            f"delete from {CONVERSIONS} where conversion_id = 'o2'",
            {"conversion_id": "o2", "row_count": 2},
        ),
        Broken(
            stage, CREDITED, "touch_id_exists",
            "delete from published.fct_touchpoints where touch_id = 't3'",
            {"touch_id": "t3", "row_count": 2},
        ),
        Broken(
            stage, CREDITED, "action_key_exists",
            "delete from published.dim_actions where action_id = 'a1'",
            {"action_key": "net:a1", "row_count": 3},
        ),
    ]  # fmt: skip


MARTS = [
    Broken(
        "marts", CONVERSIONS, "kind_known",
        f"update {CONVERSIONS} set kind = 'gift' where conversion_id = 'o2'",
        {"conversion_id": "o2", "kind": "gift"},
    ),
    Broken(
        "marts", CONVERSIONS, "revenue_in_reporting_currency",
        f"update {CONVERSIONS} set original_amount = 99 where conversion_id = 'o1'",
        {"conversion_id": "o1", "revenue": Decimal(100), "original_amount": Decimal(99)},
    ),
    Broken(
        "marts", ROI, "ratios_consistent",
        f"update {ROI} set roas = 9 where metric_date = '2026-08-11' and model = 'linear'",
        {"model": "linear", "network": "net", "cost": Decimal("12.5"), "roas": 9.0},
    ),
    Broken(
        "marts", ROI, "ratios_consistent",
        f"update {ROI} set roi = 0 where cost is null and model = 'linear'",
        {"model": "linear", "network": "net", "cost": None, "roi": 0.0},
    ),
    Broken(
        "marts", ACTION_ROI, "ratios_consistent",
        f"update {ACTION_ROI} set roi = roas where model = 'linear'",
        {"model": "linear", "action_key": "net:a1"},
    ),
    Broken(
        "marts", ROI, "network_revenue_complete",
        f"delete from {ROI} where model = 'linear' and metric_date = '2026-08-10'",
        {"model": "linear", "network": "net", "credited": Decimal("50.01"), "summed": Decimal("0.01")},
    ),
    Broken(
        "marts", ACTION_ROI, "action_revenue_complete",
        f"delete from {ACTION_ROI} where model = 'linear'",
        {"model": "linear", "action_key": "net:a1", "credited": Decimal("50.01"), "summed": None},
    ),
    Broken(
        "marts", CHANNELS, "channel_revenue_complete",
        f"update {CHANNELS} set revenue_credited = 0 where model = 'linear' and channel = 'email'",
        {"model": "linear", "channel": "email", "credited": Decimal(50), "summed": Decimal(0)},
    ),
    Broken(
        "marts", CHANNELS, "channel_totals_complete",
        f"insert into {CHANNELS} values ('markov', 'all', null, 'email', 3, 99, 1, 1)",
        {"model": "markov", "period_kind": "all", "revenue": Decimal(99), "revenue_earned": Decimal("105.01")},
    ),
    Broken(
        "marts", "published.fct_chain_credit", "channel_totals_complete",
        "update published.fct_chain_credit set revenue_credited = 0",
        {"model": "last_touch", "grain": "campaign", "period_kind": "all"},
    ),
    Broken(
        "marts", "attribution.chains", "chain_well_conditioned",
        "insert into attribution.chains values ('channel', 1, 'all', null, 2, 4, 1e9, 1e-12)",
        {"grain": "channel", "condition": 1e9},
    ),
    Broken(
        "marts", ROI, "cost_same_in_every_model",
        f"update {ROI} set cost = 13 where model = 'linear' and cost is not null",
        {"network": "net", "lowest_cost": Decimal("12.5"), "highest_cost": Decimal(13)},
    ),
    Broken(
        "marts", ROI, "cost_complete",
        "insert into marts.mart_costs_daily (network, cost, metric_date) values ('old', 4, '2026-08-01')",
        {"network": "old", "cost_spent": Decimal(4), "cost_published": None},
    ),
    Broken(
        "marts", "intermediate.int_orders_counted", "orders_counted_once",
        "insert into intermediate.int_orders_counted values ('payments', 'ch_1', 5, false)",
        {"source": "payments", "orders": 1, "amount": Decimal(5)},
    ),
    Broken(
        "marts", CONVERSIONS, "currency_convertible",
        f"update {CONVERSIONS} set revenue = null, original_currency = 'SEK' where conversion_id <> 'o1'",
        {"original_currency": "SEK", "conversions": 2, "amount": Decimal("5.01")},
    ),
    Broken(
        "marts", "published.fct_roi", "ratios_consistent",
        "update published.fct_roi set roas = 9 where model = 'linear'",
        {"model": "linear", "dimension": "network", "network": "net", "member": "net"},
    ),
    Broken(
        "marts", "published.fct_roi", "cost_complete",
        "update published.fct_roi set cost = 13 where model = 'linear'",
        {"model": "linear", "network": "net", "cost_spent": Decimal("12.5"), "cost_published": Decimal(13)},
    ),
    Broken(
        "marts", CONVERSIONS, "rates_of_the_day",
        f"update {CONVERSIONS} set rate_date = '2026-08-09' where conversion_id = 'o2'",
        {"original_currency": "EUR", "conversion_date": date(2026, 8, 11), "rate_date": date(2026, 8, 9)},
    ),
    Broken(
        "marts", COSTS, "costs_convertible",
        f"update {COSTS} set has_rate = false, original_currency = 'SEK'",
        {"original_currency": "SEK", "cost_days": 1, "amount": Decimal("12.5")},
    ),
    Broken(
        "marts", "intermediate.int_costs_doubled", "spend_stated_once",
        "insert into intermediate.int_costs_doubled values ('net', null, '2026-08-11')",
        {"network": "net", "campaign": None, "days": 1, "first_day": date(2026, 8, 11)},
    ),
    Broken(
        "marts", "intermediate.int_sales_paired", "sale_counted_once",
        "insert into intermediate.int_sales_paired values ('op1', 'o1', 90000)",
        {"opportunity_conversion_id": "op1", "order_conversion_id": "o1", "days_apart": 1},
    ),
    Broken(
        "marts", STAGES, "stages_in_order",
        f"update {STAGES} set is_out_of_order = true, stage_before = 'Proposal'",
        {"opportunity_key": "op1", "stage": "Lead", "stage_before": "Proposal"},
    ),
    Broken(
        "marts", STAGES, "stages_known",
        f"update {STAGES} set is_known = false",
        {"source": "opportunities", "stage": "Lead", "opportunities": 1},
    ),
    Broken(
        "marts", CONVERSIONS, "opportunity_has_account",
        f"update {CONVERSIONS} set kind = 'opportunity' where conversion_id = 'o2'",
        {"conversion_id": "o2", "source": "orders"},
    ),
    Broken(
        "marts", CONVERSIONS, "opportunity_has_amount",
        f"update {CONVERSIONS} set kind = 'opportunity', original_amount = null where conversion_id = 'o2'",
        {"conversion_id": "o2", "source": "orders"},
    ),
    Broken(
        "marts", CLAIMS, "anonymous_id_claimed_once",
        f"update {CLAIMS} set claimants = 2",
        {"anonymous_id": "k1", "claimants": 2},
    ),
    Broken(
        "marts", "intermediate.int_answers_resolved", "answers_understood",
        "insert into intermediate.int_answers_resolved values ('a friend', false)",
        {"answer": "a friend"},
    ),
    Broken(
        "marts", CLAIMS, "links_end_somewhere",
        "delete from intermediate.int_identities_resolved",
        {"anonymous_id": "k1", "customer_id": "c1"},
    ),
    Broken(
        "marts", "intermediate.int_accounts_resolved", "account_merged_once",
        "update intermediate.int_accounts_resolved set is_disputed = true",
        {"merged_account_id": "old", "account_id": "acme"},
    ),
    Broken(
        "marts", CREDITED, "most_conversions_have_a_touch",
        f"update {CREDITED} set channel = '(none)' where model = 'last_touch' and conversion_id = 'o2'",
        {"model": "last_touch", "without_touch": 2, "conversions": 3},
    ),
    Broken(
        "marts", "published.dim_actions", "account_stated",
        "update published.dim_actions set account = '(not stated)' where action_id = 'a2'",
        {"network": "net", "actions": 1},
    ),
    Broken(
        "marts", "published.dim_networks", "networks_fresh",
        "update published.dim_networks set status = 'active'",
        {"network": "old", "last_day": date(2023, 5, 1), "newest_day": date(2026, 8, 20)},
    ),
]  # fmt: skip

HISTORY, CHANGES = "published.fct_reported_history", "published.fct_reported_changes"

SAID = [
    Broken(
        "published",
        HISTORY,
        "said_as_attributed",
        f"update {HISTORY} set revenue_credited = 7 where publication_id = 'p2' and network = 'net'",
        {"place": "credited", "model": "last_touch", "network": "net", "month": date(2026, 8, 1)},
    ),
    Broken(
        "published",
        CHANGES,
        "changes_add_up",
        f"update {CHANGES} set revenue_change = 2 where model = 'linear'",
        {"model": "linear", "network": "net", "month": date(2026, 8, 1), "revenue": Decimal(1), "net_revenue": 0},
    ),
    Broken(
        "published",
        CHANGES,
        "changes_explained",
        f"update {CHANGES} set reason = 'unexplained' where model = 'linear'",
        {"model": "linear", "network": "net", "revenue_change": Decimal(1)},
    ),
]

CASES = [*_credit("marts"), *MARTS, *_credit("published"), *SAID]
