"""What was caused, credited and claimed stand side by side in the report."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from pipelines.report.caused import read_caused
from pipelines.report.charts import Canvas
from pipelines.report.intervals import caused_intervals


def publication(*, claims: bool) -> duckdb.DuckDBPyConnection:
    """Two networks, of which one has a claim."""
    connection = duckdb.connect()
    claimed = ", case network when 'x' then 900.0 end as revenue_claimed" if claims else ""
    connection.execute(
        f"""create schema published;
        create table published.dim_networks as
            select * from (values ('x', 'X'), ('y', 'Y')) as t (network, display_name);
        create table published.fct_conversions as select 1 as conversion_id;
        create table published.fct_network_roi_daily as
            select 'linear' as model, unnest(['x', 'y']) as network, 1 as conversions_credited,
                500.0 as revenue_credited;
        create table published.fct_incremental_revenue as select
            *, null as campaign, 'all' as period_kind,
            date '2026-01-01' as period_start, date '2026-12-31' as period_end,
            300.0 as incremental_revenue, 100.0 as incremental_revenue_low, 600.0 as incremental_revenue_high,
            200.0 as spend, 0.5 as incremental_roas_low, 3.0 as incremental_roas_high, 'model' as evidence,
            'daily series' as method, false as is_prior_dominated, null as reason{claimed}
        from (values ('x'), ('y')) as t (network)"""
    )
    return connection


@pytest.mark.parametrize("claims", [True, False])
def test_a_claim_is_shown_beside_credit_where_a_publication_has_one(claims: bool) -> None:
    found = read_caused(publication(claims=claims), "linear")
    assert [row.network for row in found] == ["x", "y"] and found[0].credited == 500
    assert [row.claimed for row in found] == [Decimal(900) if claims else None, None]
    picture = caused_intervals(found, {}, Canvas(720, "k", "EUR"), rule="linear")
    assert (
        "X: EUR 100.00 to 600.00, most likely 300.00; linear credits 500.00; its ad manager claims" in picture
    ) is claims
    assert picture.count('class="claimed"') == (1 if claims else 0)
