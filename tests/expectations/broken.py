"""Broken warehouses, up to staging: what is done to the sound one, which check sees it, and its first sample row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Broken:
    stage: str
    table: str
    check: str
    sql: str
    sample: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.stage}-{self.table.rpartition('.')[2]}-{self.check}"


LOADS, TOTALS = "raw.loads", "raw.file_totals"

LANDING = [
    Broken(
        "landing", LOADS, "status_known",
        "update raw.loads set status = 'lost' where reading_id = 'r2'",
        {"path": "shop/orders.csv", "status": "lost"},
    ),
    Broken(
        "landing", LOADS, "rows_add_up",
        "update raw.loads set rows_loaded = 2 where reading_id = 'r2'",
        {"path": "shop/orders.csv", "rows_read": 3, "rows_loaded": 2, "rows_quarantined": 0, "rows_ignored": 0},
    ),
    Broken(
        "landing", LOADS, "rows_add_up",
        "update raw.loads set rows_ignored = null where reading_id = 'r2'",
        {"path": "shop/orders.csv", "rows_ignored": None},
    ),
    Broken(
        "landing", LOADS, "quarantine_listed",
        "delete from raw.quarantine",
        {"path": "net/posts.csv", "rows_quarantined": 1, "rows_listed": 0},
    ),
    Broken(
        "landing", LOADS, "quarantined_share_below_50_percent",
        "update raw.loads set rows_read = 3, rows_loaded = 0, rows_quarantined = 2 where reading_id = 'r1'",
        {"path": "net/posts.csv", "rows_quarantined": 2, "rows_read": 3, "first_reason": "not a number"},
    ),
    Broken(
        "landing", LOADS, "quarantined_share_below_50_percent",
        """update raw.loads set status = 'refused', rows_read = 3, rows_loaded = 0, rows_quarantined = 3
        where reading_id = 'r1'""",
        {"path": "net/posts.csv", "rows_quarantined": 3, "rows_read": 3},
    ),
    Broken(
        "landing", LOADS, "replacement_readable",
        """update raw.loads set is_current = false where reading_id = 'r2';
        insert into raw.loads (reading_id, file_sha256, path, status, reason, is_current)
        values ('r9', 'sha9', 'shop/orders.csv', 'refused', 'no header', true)""",
        {"path": "shop/orders.csv", "status": "refused", "reason": "no header"},
    ),
    Broken(
        "landing", TOTALS, "people_never_added_up",
        "update raw.file_totals set total_loaded = 240 where metric = 'reach'",
        {"file_sha256": "sha1", "metric": "reach", "total_loaded": Decimal(240)},
    ),
    Broken(
        "landing", TOTALS, "totals_of_known_files",
        "insert into raw.file_totals values ('sha9', 'table', 'shares', 'Shares', 1, 1)",
        {"file_sha256": "sha9", "metric": "shares"},
    ),
    Broken(
        "landing", LOADS, "something_loaded",
        "update raw.loads set status = 'refused'",
        {"files": 4, "loaded": 0},
    ),
    Broken(
        "landing", LOADS, "nothing_refused",
        "update raw.loads set status = 'refused', reason = 'empty file' where reading_id = 'r2'",
        {"path": "shop/orders.csv", "source": "shop", "reason": "empty file"},
    ),
    Broken(
        "landing", LOADS, "nothing_waiting",
        "update raw.loads set status = 'needs_answer', reason = 'year' where reading_id = 'r2'",
        {"path": "shop/orders.csv", "reason": "year"},
    ),
    Broken(
        "landing", LOADS, "loaded_files_hold_rows",
        "update raw.loads set rows_loaded = 0 where reading_id = 'r2'",
        {"path": "shop/orders.csv", "rows_read": 3},
    ),
    Broken(
        "landing", LOADS, "quarantined_share_below_5_percent",
        "update raw.loads set rows_read = 10 where reading_id = 'r1'",
        {"path": "net/posts.csv", "rows_quarantined": 1, "rows_read": 10, "first_reason": "not a number"},
    ),
]  # fmt: skip

RAW = [
    Broken(
        "raw", LOADS, "loaded_files_have_rows",
        "delete from loaded.orders",
        {"path": "shop/orders.csv", "rows_loaded": 3},
    ),
    Broken(
        "raw", TOTALS, "metric_totals_match",
        "update loaded.action_metrics set impressions = 101 where action_id = 'a1'",
        {"file_sha256": "sha1", "metric": "impressions", "total_in_file": Decimal(300), "total_in_raw": Decimal(301)},
    ),
    Broken(
        "raw", TOTALS, "metric_totals_match",
        "delete from raw.file_totals where metric = 'spend'",
        {"file_sha256": "sha1", "metric": "spend", "total_in_file": None, "total_in_raw": Decimal("12.5")},
    ),
    Broken(
        "raw", "raw.action_metrics", "no_future_days",
        "update loaded.action_metrics set metric_date = '2026-12-08' where action_id = 'a1'",
        {"row_number": 1, "metric_date": date(2026, 12, 8), "as_of": date(2026, 8, 31)},
    ),
    Broken(
        "raw", "raw.action_metrics", "counts_not_negative",
        "update loaded.action_metrics set shares = -3, follows_net = -9 where action_id = 'a2'",
        {"file_sha256": "sha1", "row_number": 2, "metric": "shares", "amount": -3},
    ),
    Broken(
        "raw", "raw.action_metrics", "counts_plausible",
        "update loaded.action_metrics set impressions = 1476890000000000000 where action_id = 'a2'",
        {"row_number": 2, "metric": "impressions", "amount": 1476890000000000000},
    ),
]  # fmt: skip

STAGING = [
    Broken(
        "staging", "staging.stg_raw__action_metrics", "metric_totals_match",
        """create or replace view staging.stg_raw__action_metrics as
        select * replace (case action_id when 'a1' then 1 else impressions end as impressions)
        from raw.action_metrics""",
        {"metric": "impressions", "total_in_raw": Decimal(300), "total_in_staging": Decimal(201)},
    ),
    Broken(
        "staging", "staging.stg_raw__account_metrics", "metric_totals_match",
        """insert into loaded.account_metrics (network, metric_date, shares) values ('net', '2026-08-01', 7);
        create or replace view staging.stg_raw__account_metrics as
        select * replace (null::bigint as shares) from raw.account_metrics""",
        {"metric": "shares", "total_in_raw": Decimal(7), "total_in_staging": None},
    ),
]  # fmt: skip

CASES = [*LANDING, *RAW, *STAGING]
