"""The shop's export and the project's own templates: headers, stamps, periods."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipelines.simulate import write_company

from .conftest import only
from .test_formats import table


def test_shopify_stamps_follow_daylight_saving(tmp_path: Path) -> None:
    write_company(tmp_path, seed=1, days=40, end=date(2026, 4, 15))
    text = only(tmp_path, "orders_export.csv").read_bytes().decode("utf-8")
    created = [row[15] for row in table(text)[1:]]
    assert {stamp[-5:] for stamp in created if stamp < "2026-03-29 01"} == {"+0100"}
    assert {stamp[-5:] for stamp in created if stamp > "2026-03-29 04"} == {"+0200"}
    assert text.startswith("Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,")


TEMPLATES = {
    "touchpoints": """touch_id customer_id touched_at touch_type channel network action_id campaign utm_source
        utm_medium utm_campaign utm_content utm_term referrer landing_url click_id discount_code seller_id
        account_id""",
    "orders": """order_id customer_id ordered_at revenue currency cost_of_goods discount_code status
        refunded_amount refunded_at is_new_customer""",
    "costs": "period_start period_end amount currency cost_type network account campaign",
    "engagement_daily": """network action_id metric_date action_type campaign impressions reach engagements
        reactions comments shares saves link_clicks video_views follows spend currency""",
    "daily_sales": "metric_date revenue currency price_index holiday",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates(company: Path, name: str) -> None:
    text = (company / name / f"{name}.csv").read_bytes().decode("utf-8")
    assert text.split("\n")[0] == ",".join(TEMPLATES[name].split())
    header, *rows = table(text)
    assert rows
    for row in rows:
        assert len(row) == len(header)
        for column, value in zip(header, row, strict=True):
            if column.endswith("_at") and value:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", value)
            if column in ("period_start", "period_end", "metric_date"):
                assert date(2026, 5, 4) <= date.fromisoformat(value) <= date(2026, 8, 31)
            if column == "currency":
                assert value == "EUR"


def test_costs_periods_lie_within_a_month(company: Path) -> None:
    header, *rows = table((company / "costs" / "costs.csv").read_text())
    for row in rows:
        cost = dict(zip(header, row, strict=True))
        assert cost["period_start"] <= cost["period_end"]
        assert cost["period_start"][:7] == cost["period_end"][:7]
    assert {row[4] for row in rows} == {"ad_spend", "production", "creator_fee", "labour", "tool"}
