"""Bad input of who was touched, what was sold and what it cost: named, set aside or refused, with what to do.

What only shows once everything is loaded (two customers who claim one anonymous id, a stage out of order, a CRM's deal
without an account, a rate that is missing) is in tests/expectations/broken_marts.py, its figures in tests/dbt/cases;
what roi.yml may not say is in tests/test_settings.py.
"""

from __future__ import annotations

import pytest

from tests.land.conftest import Landing

AT = "2026-01-05T10:00:00Z"
QUARANTINED = {
    "a touch without time zone": (
        "touchpoints", "customer_id,touched_at", f"c1,{AT}", "c1,2026-01-05T10:00:00", "touched_at",
        ["no UTC offset", "Z or +01:00", "time_zone"],
    ),
    "a touch of a type that is none": (
        "touchpoints", "customer_id,touched_at,touch_type", f"c1,{AT},click", f"c1,{AT},telepathy", "touch_type",
        ["is none of", "self_reported"],
    ),
    "an order without currency": (
        "orders", "order_id,customer_id,ordered_at,revenue,currency", f"1,c1,{AT},5,EUR", f"2,c1,{AT},5,", "currency",
        ["is missing", "fill it in"],
    ),
    "an order in a currency that is none": (
        "orders", "order_id,customer_id,ordered_at,revenue,currency", f"1,c1,{AT},5,EUR", f"2,c1,{AT},5,EUQ",
        "currency", ["is not a currency code of ISO 4217", "EUR"],
    ),
    "an opportunity without account": (
        "opportunities", "opportunity_id,account_id,stage,entered_at,amount,currency", f"1,a,lead,{AT},5,EUR",
        f"2,,lead,{AT},5,EUR", "account_id", ["is missing", "fill it in"],
    ),
    "a cost with its period reversed": (
        "costs", "period_start,period_end,amount,currency,cost_type", "2026-01-01,2026-01-31,5,EUR,tool",
        "2026-01-31,2026-01-01,5,EUR,tool", "period_end", ["is before 'period_start' (2026-01-31)", "change one"],
    ),
    "a mark of a type that is none": (
        "marks", "mark_type,mark", "short_link,go.example/a", "poster,P1", "mark_type", ["is none of", "short_link"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", QUARANTINED)
def test_a_bad_row_is_set_aside_with_what_to_do(land_bytes: Landing, case: str) -> None:
    source, header, good, bad, column, said = QUARANTINED[case]
    receipt = land_bytes(f"{source}/file.csv", f"{header}\n{good}\n{bad}\n")
    assert (receipt.status, receipt.rows_loaded) == ("loaded", 1)
    [row] = receipt.quarantine
    assert (row.row_number, row.column_name) == (3, column)
    for words in said:
        assert words in row.reason


def test_a_file_of_orders_without_a_currency_column_waits_for_an_answer(land_bytes: Landing) -> None:
    receipt = land_bytes("orders/file.csv", f"order_id,customer_id,ordered_at,revenue\n1,c1,{AT},5\n")
    assert receipt.status == "needs_answer"
    assert "currency" in (receipt.reason or "") and "roi.yml (answers:)" in (receipt.reason or "")


def test_a_file_of_touches_without_any_time_zone_is_refused(land_bytes: Landing) -> None:
    receipt = land_bytes("touchpoints/file.csv", "customer_id,touched_at\nc1,2026-01-05T10:00:00\n")
    assert receipt.status == "refused"
    assert "line 2: 'touched_at' has no UTC offset" in (receipt.reason or "")


def test_a_payment_that_may_be_a_test_is_no_sale(land_bytes: Landing) -> None:
    header = "id,Created date (UTC),Amount,Amount Refunded,Currency,Mode,Status\n"
    rows = (f"ch_{mode},2026-02-13 10:00:00,5.00,0.00,usd,{mode},Paid\n" for mode in ("Live", "Test", "abc"))
    receipt = land_bytes("stripe/a.csv", header + "".join(rows))
    assert (receipt.rows_loaded, receipt.rows_ignored) == (1, 1)
    assert [(row.row_number, row.column_name) for row in receipt.quarantine] == [(4, "Mode")]
