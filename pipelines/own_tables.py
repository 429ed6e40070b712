"""The tables of the warehouse that no file fills: what specifications and settings say, the books, and what is worked
out of marts."""

from __future__ import annotations

from pipelines.schema import MONEY, Column, columns_of

REFERENCE_TABLES: dict[str, tuple[Column, ...]] = {
    "sources": columns_of("source VARCHAR; kind VARCHAR; rank BIGINT; display_name VARCHAR"),
    "networks": columns_of("network VARCHAR; display_name VARCHAR; status VARCHAR; metrics_offered VARCHAR"),
    "network_aliases": columns_of("network VARCHAR; kind VARCHAR; value VARCHAR"),
    "settings": columns_of("name VARCHAR; value VARCHAR"),
}
"""What specs and settings say, as tables that dbt can join. ``network_aliases.kind``: host (of a referrer),
utm_source, click_id and ad_click_id (query parameters), paid_medium. ``sources.rank``: of two sources that report the
same, the one with the higher rank is believed."""

ATTRIBUTION_TABLES: dict[str, tuple[Column, ...]] = {
    "credits": columns_of(
        """model VARCHAR; grain VARCHAR; period_kind VARCHAR; period_start DATE; state VARCHAR;
        conversions_credited DECIMAL(18,9); revenue_credited DECIMAL(18,6); net_revenue_credited DECIMAL(18,6);
        removal_effect DOUBLE"""
    ),
    "weights": columns_of("period_start DATE; state VARCHAR; weight BIGINT"),
    "chains": columns_of(
        """grain VARCHAR; chain_order BIGINT; period_kind VARCHAR; period_start DATE; contexts BIGINT;
        transitions BIGINT; condition DOUBLE; residual DOUBLE"""
    ),
}
"""What ``pipelines.attribution`` works out of journeys, as small tables that the last marts join. ``state``: a channel,
or a list as JSON text at a finer grain. ``period_start`` is NULL for the period that holds everything."""

INCREMENTALITY_TABLES: dict[str, tuple[Column, ...]] = {
    "estimates": columns_of(
        f"""grain VARCHAR; network VARCHAR; member VARCHAR; period_kind VARCHAR; period_start DATE; period_end DATE;
        incremental_revenue {MONEY}; incremental_revenue_low {MONEY}; incremental_revenue_high {MONEY}; spend {MONEY};
        incremental_roas DOUBLE; incremental_roas_low DOUBLE; incremental_roas_high DOUBLE; evidence VARCHAR;
        method VARCHAR; is_prior_dominated BOOLEAN; reason VARCHAR"""
    ),
    "advice": columns_of(
        f"""network VARCHAR; marginal_roas_low DOUBLE; marginal_roas_high DOUBLE; advice VARCHAR; advice_reason VARCHAR;
        test_days BIGINT; test_part DOUBLE; test_standard_error {MONEY}; test_narrows {MONEY}"""
    ),
    "diagnoses": columns_of(
        f"""pareto_k DOUBLE; spread DOUBLE; placebo DOUBLE; memory DOUBLE; days BIGINT; tests BIGINT; revenue {MONEY};
        moved DOUBLE"""
    ),
}
"""What ``pipelines.incrementality`` estimates. ``grain``: network, campaign or action, which ``member`` names; and how
well the estimation went. ``moved``: by what part of itself what is said of a closed month changed since the last time,
at the median."""

LEDGER_TABLES: dict[str, tuple[Column, ...]] = {
    "loads": columns_of(
        """reading_id VARCHAR; file_sha256 VARCHAR; path VARCHAR; source VARCHAR; format VARCHAR; networks VARCHAR;
        account VARCHAR; locale VARCHAR; encoding VARCHAR; grain VARCHAR; period_start DATE; period_end DATE;
        spec_version VARCHAR; rows_read BIGINT; rows_loaded BIGINT; rows_quarantined BIGINT; rows_ignored BIGINT;
        loaded_at TIMESTAMP; status VARCHAR; reason VARCHAR; is_current BOOLEAN"""
    ),
    "file_totals": columns_of(
        """file_sha256 VARCHAR; part VARCHAR; metric VARCHAR; native_name VARCHAR; total_loaded DECIMAL(38,6);
        rows_with_value BIGINT"""
    ),
    "quarantine": columns_of(
        """file_sha256 VARCHAR; part VARCHAR; row_number BIGINT; reason VARCHAR; column_name VARCHAR;
        value_excerpt VARCHAR"""
    ),
    "checks": columns_of(
        """run_id VARCHAR; checked_at TIMESTAMP; stage VARCHAR; suite VARCHAR; expectation VARCHAR; severity VARCHAR;
        success BOOLEAN; observed VARCHAR; expected VARCHAR"""
    ),
}
"""The books: what was read from each file, and what each check said. ``loads.is_current``: the file still lies in the
landing folder with this content; what was loaded from one that does not stays loaded."""

IN_PLACE_TABLES: dict[str, tuple[Column, ...]] = {
    "in_place": columns_of("file_sha256 VARCHAR; table_name VARCHAR; path VARCHAR; as_of DATE"),
}
"""Which files of the lake (``path`` below ``lake/readings``) are read where they lie, for which raw table."""
