"""Broken estimates of what was caused, and which check sees each."""

from __future__ import annotations

from decimal import Decimal

from tests.expectations.broken import Broken

TABLE, DIAGNOSES = "published.fct_incremental_revenue", "incrementality.diagnoses"
NETWORK = "where campaign is null"


def _marts(check: str, sql: str, sample: dict[str, object], *, table: str = TABLE) -> Broken:
    return Broken("marts", table, check, sql, sample)


CAUSE = [
    _marts("evidence_known", f"update {TABLE} set evidence = 'guess'", {"network": "net", "evidence": "guess"}),
    _marts(
        "interval_holds_point",
        f"update {TABLE} set incremental_revenue_low = 70 {NETWORK}",
        {"network": "net", "campaign": None, "incremental_revenue_low": Decimal(70)},
    ),
    _marts(
        "no_number_has_a_reason",
        f"update {TABLE} set incremental_revenue_low = null, incremental_revenue_high = null {NETWORK}",
        {"network": "net", "campaign": None, "period_kind": "all"},
    ),
    _marts(
        "assumption_gives_no_point",
        f"update {TABLE} set is_prior_dominated = true {NETWORK}",
        {"network": "net", "incremental_revenue": Decimal(60)},
    ),
    _marts(
        "campaigns_add_up_to_network",
        f"update {TABLE} set incremental_revenue = 45 where campaign = 'c'",
        {"network": "net", "of_network": Decimal(60), "of_campaigns": Decimal(65)},
    ),
    _marts(
        "baseline_not_negative",
        f"update {DIAGNOSES} set revenue = 50",
        {"incremental_revenue": Decimal(60), "revenue": Decimal(50)},
    ),
    _marts("weights_reliable", f"update {DIAGNOSES} set pareto_k = 0.9", {"pareto_k": 0.9}, table=DIAGNOSES),
    _marts("chains_agree", f"update {DIAGNOSES} set spread = 1.4", {"spread": 1.4}, table=DIAGNOSES),
    _marts("closed_months_stay", f"update {DIAGNOSES} set moved = 0.2", {"moved": 0.2}, table=DIAGNOSES),
    _marts("placebo_without_effect", f"update {DIAGNOSES} set placebo = -5", {"placebo": -5.0}, table=DIAGNOSES),
]
