"""Dates, money and people: what the whole file, its place or its owner settles, and what is asked for."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.lake import Receipt, receipts_folder
from pipelines.settings import Home
from tests.land.conftest import Landing
from tests.land.files import by_day, daily_tweets, text, touches, tweets, workbook, zipped


def period(receipt: Receipt) -> tuple[str, str | None, str | None]:
    return receipt.status, receipt.period_start, receipt.period_end


def loaded(start: str, end: str) -> tuple[str, str, str]:
    return "loaded", start, end


WEEK = ["April 29", "April 30", "May 1"]
NEW_YEAR = ["30 de diciembre", "31 de diciembre", "1 de enero"]


@pytest.mark.parametrize(
    ("path", "labels", "answers", "expected"),
    [
        ("tiktok/Overview.csv", WEEK, {}, ("needs_answer", None, None)),
        ("tiktok/2026/Overview.csv", WEEK, {}, loaded("2026-04-29", "2026-05-01")),
        ("tiktok/Overview.csv", WEEK, {"year": 2024}, loaded("2024-04-29", "2024-05-01")),
        ("tiktok/data_1777723477746.csv", WEEK, {}, loaded("2026-04-29", "2026-05-01")),
        ("tiktok/data_1777723477.csv", WEEK, {}, loaded("2026-04-29", "2026-05-01")),
        ("tiktok/data_1777723477.csv", WEEK[::-1], {}, loaded("2026-04-29", "2026-05-01")),
        ("tiktok/2026/Overview.csv", NEW_YEAR, {}, loaded("2025-12-30", "2026-01-01")),
        ("tiktok/2026/Overview.csv", NEW_YEAR[::-1], {}, loaded("2025-12-30", "2026-01-01")),
        ("tiktok/2026/Overview.csv", NEW_YEAR[1:], {}, loaded("2025-12-31", "2026-01-01")),
        ("tiktok/2024/Overview.csv", ["February 28", "February 29"], {}, loaded("2024-02-28", "2024-02-29")),
        ("tiktok/2026/Overview.csv", ["February 28", "February 29"], {}, ("needs_answer", None, None)),
        ("tiktok/2026/O.csv", ["28 février", "1er mars"], {}, loaded("2026-02-28", "2026-03-01")),
        ("tiktok/2026/O.csv", ["31 maj", "1 juni"], {}, loaded("2026-05-31", "2026-06-01")),
        ("tiktok/2026/O.csv", ["30 de mayo", "31 de mayo"], {}, loaded("2026-05-30", "2026-05-31")),
    ],
)
def test_dates_without_a_year(
    land_bytes: Landing, path: str, labels: list[str], answers: dict[str, object], expected: tuple[str, str, str]
) -> None:
    assert period(land_bytes(path, by_day(labels), **answers)) == expected


def test_the_stamp_of_an_archive_gives_the_year(land_bytes: Landing) -> None:
    content = zipped(stamp=(2026, 1, 4), Overview_csv=by_day(["December 31", "January 1", "January 2"]))
    assert period(land_bytes("tiktok/o.zip", content)) == loaded("2025-12-31", "2026-01-02")


def test_a_day_that_no_month_has_is_quarantined(land_bytes: Landing) -> None:
    receipt = land_bytes("tiktok/2026/o.csv", by_day(["April 29", "April 31", "May 1"]))
    assert [row.value_excerpt for row in receipt.quarantine] == ["April 31"]


AMBIGUOUS = ["03/04/2021", "05/04/2021"]


@pytest.mark.parametrize(
    ("path", "days", "answers", "expected"),
    [
        ("x/d.csv", AMBIGUOUS, {}, ("needs_answer", None, None)),
        ("x/d.csv", AMBIGUOUS, {"date_style": "dmy"}, loaded("2021-04-03", "2021-04-05")),
        ("x/d.csv", AMBIGUOUS, {"date_style": "mdy"}, loaded("2021-03-04", "2021-05-04")),
        ("x/d.csv", [*AMBIGUOUS, "13/04/2021"], {}, loaded("2021-04-03", "2021-04-13")),
        ("x/d.csv", [*AMBIGUOUS, "04/13/2021"], {}, loaded("2021-03-04", "2021-05-04")),
        ("x/d.csv", ["13/04/2021", "04/13/2021"], {}, ("refused", None, None)),
        ("x/d.csv", ["03/04/2021", "04/04/2021", "05/04/2021"], {}, loaded("2021-04-03", "2021-04-05")),
        ("x/d.csv", ["2021-04-03", "2021-04-04T00:00:00"], {}, loaded("2021-04-03", "2021-04-04")),
        ("x/d.csv", ["2021/04/03", "2021/04/04"], {}, loaded("2021-04-03", "2021-04-04")),
        ("x/daily_tweet_activity_metrics_acme_20210401_20210501_en.csv", AMBIGUOUS, {},
         loaded("2021-04-03", "2021-04-05")),
    ],
)  # fmt: skip
def test_day_and_month(
    land_bytes: Landing, path: str, days: list[str], answers: dict[str, object], expected: tuple[str, str, str]
) -> None:
    assert period(land_bytes(path, daily_tweets(days), **answers)) == expected


def test_serial_dates_of_a_spreadsheet(land_bytes: Landing) -> None:
    rows = [["Date", "Tweets published", "impressions"], [44289, 1, 5], [44290, 1, 6]]
    assert period(land_bytes("x/d.xlsx", workbook(Sheet=rows))) == loaded("2021-04-03", "2021-04-04")


ORDER = ["order_id", "customer_id", "ordered_at", "revenue", "currency"]


def order(**changed: object) -> list[object]:
    row = dict(zip(ORDER, ["1", "c1", "2026-01-05T10:00:00+01:00", "10.50", "EUR"], strict=True)) | changed
    return list(row.values())


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"ordered_at": "2026-01-05 10:00"}, "ordered_at"), ({"ordered_at": "2026-01-05"}, "ordered_at"),
        ({"ordered_at": "yesterday"}, "ordered_at"), ({"ordered_at": ""}, "ordered_at"), ({"currency": ""}, "currency"),
        ({"currency": "EURO"}, "currency"), ({"currency": "€"}, "currency"), ({"revenue": ""}, "revenue"),
        ({"revenue": "10,50"}, "revenue"), ({"revenue": "9" * 25}, "revenue"), ({"order_id": ""}, "order_id"),
        ({"order_id": "1.2E+12"}, "order_id"), ({"customer_id": " "}, "customer_id"),
        ({"ordered_at": "2026-02-30T10:00:00Z"}, "ordered_at"),
    ],
)  # fmt: skip
def test_a_template_row_that_is_not_whole_is_quarantined(
    land_bytes: Landing, changed: dict[str, object], column: str
) -> None:
    receipt = land_bytes("orders/o.csv", text([ORDER, order(), order(**changed)]))
    assert [(row.row_number, row.column_name) for row in receipt.quarantine] == [(3, column)]
    assert receipt.rows_loaded == 1


def test_a_time_without_offset_says_what_to_do(land_bytes: Landing) -> None:
    receipt = land_bytes("orders/o.csv", text([ORDER, order(), order(ordered_at="2026-01-05 10:00")]))
    (row,) = receipt.quarantine
    assert (row.row_number, row.column_name, row.value_excerpt) == (3, "ordered_at", "2026-01-05 10:00")
    assert "no UTC offset" in row.reason and "time_zone" in row.reason


def test_an_answered_zone_reads_times_without_offset_even_in_a_gap(home: Home, land_bytes: Landing) -> None:
    rows = [ORDER, *(order(order_id=n, ordered_at=at) for n, at in enumerate(["2026-01-05 10:00", "2026-03-29 02:30"]))]
    receipt = land_bytes("orders/o.csv", text(rows), time_zone="Europe/Paris")
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (2, 0)
    path = next(home.lake.rglob("orders.parquet"))
    found = duckdb.sql(f"select cast(ordered_at as varchar) from '{path}' order by 1").fetchall()
    assert found == [("2026-01-05 09:00:00",), ("2026-03-29 01:30:00",)]


@pytest.mark.parametrize("kind", ["advertising", "Ad Spend!", ""])
def test_costs_of_an_unknown_type(land_bytes: Landing, kind: str) -> None:
    head = ["period_start", "period_end", "amount", "currency", "cost_type"]
    good = ["2026-01-01", "2026-01-31", "5", "EUR", "Labour"]
    receipt = land_bytes("costs/c.csv", text([head, good, [*good[:4], kind]]))
    assert (receipt.rows_loaded, [row.column_name for row in receipt.quarantine]) == (1, ["cost_type"])


@pytest.mark.parametrize(
    ("hours", "answers", "total"),
    [
        (["1,5", "2,25"], {}, "3.75"), (["1.5", "2.25"], {}, "3.75"), (["1.234,5", "2"], {}, "1236.5"),
        (["1,234.5", "2"], {}, "1236.5"), (["1\u202f234,5", "2"], {}, "1236.5"), (["1,234", "2,345"], {}, None),
        (["1,234", "2,345"], {"decimal_mark": ","}, "3.579"), (["1,234", "2,345"], {"decimal_mark": "."}, "3579"),
        (["1,234", "2.5"], {}, "1236.5"), (["1,234", "2,5"], {}, "3.734"),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_the_whole_files(
    land_bytes: Landing, hours: list[str], answers: dict[str, object], total: str | None
) -> None:
    rows = [["Date", "Views", "Watch time (hours)"], *([f"2026-01-0{n + 1}", 7000, h] for n, h in enumerate(hours))]
    receipt = land_bytes("youtube/Date.csv", text(rows, delimiter=";"), **answers)
    if total is None:
        assert receipt.status == "needs_answer"
        assert "decimal_mark" in receipt.unknown[0]
    else:
        found = next(t.total for t in receipt.totals if t.metric == "watch_hours")
        assert str(found).rstrip("0").rstrip(".") == total


@pytest.mark.parametrize(
    ("rates", "total"),
    [(("41.8", "37.48"), "3579"), (("41,8", "37,48%"), "3.579"), (("41.8", "37,4"), None), (("—", "41"), None)],
)
def test_rates_that_are_not_read_settle_the_decimal_mark(
    land_bytes: Landing, rates: tuple[str, str], total: str | None
) -> None:
    head = ["Date", "Views", "Watch time (hours)", "Average percentage viewed (%)"]
    rows = [[f"2026-01-0{n + 1}", 7000, hours, rates[n]] for n, hours in enumerate(("1,234", "2,345"))]
    receipt = land_bytes("youtube/Date.csv", text([head, *rows], delimiter=";"))
    found = next((each.total for each in receipt.totals if each.metric == "watch_hours"), None)
    assert (receipt.status, found) == ("loaded" if total else "needs_answer", Decimal(total) if total else None)


def everything_kept(home: Home) -> str:
    """All text of the lake: receipts, and every cell of every Parquet file. A run of hex digits spells words by chance
    ("ada" among them), so digests, whose shape is held elsewhere, are taken out."""
    kept = [path.read_text() for path in receipts_folder(home).iterdir()]
    for path in home.lake.rglob("*.parquet"):
        kept.append(str(duckdb.read_parquet(str(path)).fetchall()))
    return re.sub(r"\b(p_)?[0-9a-f]{32,64}\b", "", "\n".join(kept))


SHOP = ["Name", "Email", "Financial Status", "Created at", "Currency", "Total", "Lineitem quantity", "Lineitem price",
        "Billing Name", "Phone", "Notes"]  # fmt: skip
SALE = [
    "#1",
    "Ada@Example.com",
    "paid",
    "2026-01-05 10:00:00 +0100",
    "EUR",
    "10",
    "1",
    "10",
    "Ada Lovelace",
    "0123456",
    "call Ada",
]


@pytest.mark.parametrize(
    "damage",
    [
        lambda row: row,
        lambda row: [*row[:5], "broken", *row[6:]],
        lambda row: [row[0], "x", *row[1:]],
        lambda row: row[:3] + row[4:],
        lambda row: [*row, *row],
        lambda row: ["Total", *row[1:]],
    ],
)
def test_people_never_reach_the_lake(home: Home, land_bytes: Landing, damage: object) -> None:
    rows = [SHOP, SALE, damage(SALE), SALE]  # type: ignore[operator]
    for name, content in {"a.csv": text(rows), "cut.csv": text(rows)[:-9] + ' "Ada Lovelace'}.items():
        land_bytes(f"shopify/{name}", content)
    kept = everything_kept(home)
    assert "#1" in kept
    for word in ("Ada", "ada", "Lovelace", "0123456", "xample.com"):
        assert word not in kept


def test_people_in_unknown_columns_of_a_template(home: Home, land_bytes: Landing) -> None:
    land_bytes("t/t.csv", touches(contact_email="ada@example.com", phone="0123456", first_name="Lovelace", mood="fine"))
    kept = everything_kept(home)
    assert "fine" in kept
    for word in ("ada@", "Lovelace", "0123456"):
        assert word not in kept


def test_the_lake_keeps_every_row_with_what_became_of_it(home: Home, land_bytes: Landing) -> None:
    rows = [*tweets("10", "bad"), ["Total", "", "", "", "30"]]
    rows[0].append("new")
    rows.append([*tweets("5")[1], "n", "further"])
    land_bytes("x/a.csv", text(rows))
    (path,) = home.lake.rglob("original-*.parquet")
    found = duckdb.read_parquet(str(path)).project('_row_number, _outcome, _reason, "impressions"').fetchall()
    assert [(row[0], row[1], row[3]) for row in found] == [
        (2, "loaded", "10"), (3, "quarantined", "bad"), (4, "ignored", "30"), (5, "quarantined", "5"),
    ]  # fmt: skip
    assert found[1][2] and found[2][2] == "total row"
    assert "further" in everything_kept(home)


def test_columns_with_names_of_our_own(home: Home, land_bytes: Landing) -> None:
    extra = ["_row_number", "_outcome", "New", "new", "", ""]
    rows = [[*row, *(extra if not n else "abcdef")] for n, row in enumerate(tweets("10"))]
    receipt = land_bytes("x/a.csv", text(rows))
    assert receipt.status in ("loaded", "refused")
    assert all(letter in everything_kept(home) for letter in "abcd")


def test_parquet_templates(home: Home, land_bytes: Landing, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    duckdb.sql(
        f"""copy (select 'c1' as customer_id, timestamptz '2026-01-05 10:00:00+01' as touched_at, 7 as n
        union all select 'c2', null, 8) to '{path}' (format parquet)"""
    )
    receipt = land_bytes("touchpoints/t.parquet", path.read_bytes())
    assert (receipt.encoding, receipt.rows_loaded, receipt.rows_quarantined) == ("parquet", 1, 1)
