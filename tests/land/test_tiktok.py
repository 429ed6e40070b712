"""TikTok exports as accounts in other languages, business accounts and spreadsheets write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from babel.dates import format_skeleton

from pipelines.lake import Receipt
from pipelines.land.dates import day_sql, month_sql
from tests.land.conftest import Landing
from tests.land.files import Rows, by_day, text, workbook, zipped

CONTENT = ["Time", "Video title", "Video link", "Post time", "Total likes", "Total comments", "Total shares"]
BUSINESS = [
    "Date", "Video views", "Reached audience", "Profile views", "Likes", "Shares", "Comments", "Product link clicks",
    "Website clicks", "Phone number clicks ", "Net growth", "New followers", "Lost followers",
]  # fmt: skip
BUSINESS_SV = [
    "Datum", "Videovisningar", "Målgrupp som nåtts", "Profilvisningar", "Gilla-markeringar", "Delningar",
    "Kommentarer", "Klick på produktlänkar", "Webbplatsklickar", "Telefonnummerklickar", "Nettotillväxt",
    "Nya följare", "Tappade följare",
]  # fmt: skip


def _totals(receipt: Receipt) -> dict[str, tuple[Decimal | None, int]]:
    return {total.metric: (total.total, total.rows_with_value) for total in receipt.totals}


def _period(receipt: Receipt) -> tuple[str | None, str | None]:
    return receipt.period_start, receipt.period_end


def _video(day: int) -> int:
    """The id of a video of that day of July 2025, noon UTC: its upper bits are Unix seconds."""
    return (1751328000 + (day - 1) * 86400 + 43200) << 32


def _content(*post_times: str, views: str = "Total views", ids: Sequence[int] = ()) -> Rows:
    numbers = ids or [_video(16 + index) for index in range(len(post_times))]
    return [
        [*CONTENT, views],
        *(
            ["August 1", "t", f"https://www.tiktok.com/@acme.co/video/{number}", post_time, "1,234", "2", "3", "400"]
            for number, post_time in zip(numbers, post_times, strict=True)
        ),
    ]


@pytest.mark.parametrize(
    ("language", "missing"),
    [(language, set()) for language in (
        "af", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fil", "fr", "he", "hi", "hu",
        "id", "is", "it", "ja", "kk", "km", "ko", "lt", "lv", "ms", "my", "nb", "nl", "pt", "ro", "ru", "sk", "sl",
        "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh",
    )] + [("pl", {11}), ("hr", {10})],
)  # fmt: skip
def test_months_as_every_language_writes_them(language: str, missing: set[int]) -> None:
    days = [date(2026, month, 18) for month in range(1, 13)]
    texts = [format_skeleton("MMMMd", day, locale=language) for day in days]
    table = pa.table({"t": texts})
    with duckdb.connect() as connection:
        connection.register("said", table)
        read = connection.execute(f"select {month_sql('t')}, {day_sql('t')} from said").fetchall()
    assert read == [(None if day.month in missing else day.month, 18) for day in days]


@pytest.mark.parametrize(
    ("time", "as_of"),
    [("August 1", "2025-08-01"), ("16. Juli", "2025-07-16"), ("July 10", "2025-07-17"), ("", "2025-07-17")],
)
def test_what_a_video_had_is_as_of_the_day_of_the_export(land_bytes: Landing, time: str, as_of: str) -> None:
    rows = [[cell if cell != "August 1" else time for cell in row] for row in _content("July 16", "July 17")]
    receipt = land_bytes("tiktok/acme/Content.csv", text(rows))
    assert (receipt.as_of, receipt.period_end) == (as_of, "2025-07-17")


@pytest.mark.parametrize(
    "labels",
    [
        ("February 28", "March 1"),
        ("28 February", "1 March"),
        ("28 de febrero", "1 de marzo"),
        ("28 de fevereiro", "1 de março"),
        ("28 février", "1 mars"),
        ("28. Februar", "1. März"),
        ("28 febbraio", "1 marzo"),
        ("28 februari", "1 maart"),
        ("28 februari", "1 mars"),
        ("2月28日", "3月1日"),
        ("2월 28일", "3월 1일"),
        ("28 февраля", "1 марта"),
        ("28 Şubat", "1 Mart"),
        ("28 tháng Hai", "1 tháng Ba"),
        ("28 tháng 2", "1 tháng 3"),
        ("28 กุมภาพันธ์", "1 มีนาคม"),
        ("28 Februari", "1 Maret"),
        ("28-Feb", "1-Mar"),
    ],
)
def test_month_names_of_many_languages(land_bytes: Landing, labels: tuple[str, str]) -> None:
    receipt = land_bytes("tiktok/2025/Overview.csv", by_day(labels))
    assert (receipt.status, receipt.format) == ("loaded", "tiktok_overview")
    assert _period(receipt) == ("2025-02-28", "2025-03-01")
    assert _totals(receipt)["video_views"] == (20, 2)


def test_months_of_two_words(land_bytes: Landing) -> None:
    labels = ["30 tháng Mười Một", "1 tháng Mười Hai", "1 tháng Một"]
    receipt = land_bytes("tiktok/2026/Overview.csv", by_day(labels))
    assert _period(receipt) == ("2025-11-30", "2026-01-01")


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("Overview_2025-08-28_1787841428_acme.co.zip", "acme.co"),
        ("me__Overview_2025-08-28_1787841428_acme_co (1).zip", "acme_co"),
        ("Followers_acme.zip", "acme"),
        ("Content_4acme(2).zip", "4acme"),
    ],
)
def test_year_and_account_from_the_archive(land_bytes: Landing, name: str, account: str) -> None:
    member = by_day(["August 28", "December 31", "January 1", "August 26"])
    receipt = land_bytes(f"tiktok/{name}", zipped(stamp=(2026, 8, 27), Overview_csv=member))
    assert (receipt.status, receipt.account) == ("loaded", account)
    assert _period(receipt) == ("2025-08-28", "2026-08-26")


def test_an_account_may_be_a_day_ahead_of_the_stamp_of_its_archive(land_bytes: Landing) -> None:
    member = by_day(["August 26", "August 27", "August 28"])  # the epoch is the evening of the 27th in UTC
    receipt = land_bytes("tiktok/Overview_2026-08-26_1787868000_acme.zip", zipped(Overview_csv=member))
    assert _period(receipt) == ("2026-08-26", "2026-08-28")


def test_an_archive_of_its_epoch_alone_names_no_account(land_bytes: Landing) -> None:
    receipt = land_bytes("tiktok/Viewers_1787841428.zip", zipped(Overview_csv=by_day(["March 1", "March 2"])))
    assert (receipt.account, receipt.period_end) == (None, "2026-03-02")


def test_no_year_anywhere_is_asked_for(land_bytes: Landing) -> None:
    receipt = land_bytes("tiktok/Overview.csv", by_day(["30 de abril", "1 de mayo"]))
    assert (receipt.status, receipt.format) == ("needs_answer", "tiktok_overview")
    assert receipt.unknown[0].startswith("year:")


def test_days_whose_year_was_added(land_bytes: Landing) -> None:
    receipt = land_bytes("tiktok/a.csv", by_day(["2025-12-31", "2026-01-01"]))
    assert _period(receipt) == ("2025-12-31", "2026-01-01")
    receipt = land_bytes("tiktok/b.csv", by_day(["30/12/2025", "31/12/2025", "01/01/2026"]))
    assert _period(receipt) == ("2025-12-30", "2026-01-01")
    receipt = land_bytes("tiktok/c.csv", by_day(["01/02/2026", "03/04/2026"]))
    assert receipt.unknown[0].startswith("date_style:")


def test_a_spreadsheet_gave_every_day_the_year_it_was_opened_in(land_bytes: Landing) -> None:
    head = ["Date", "Video Views", "Profile Views", "Likes"]
    days = ["2026-12-30", "2026-12-31", "2026-01-01"]
    sheet = workbook(Overview=[head, *([day, "10", "1", "2"] for day in days)])
    assert land_bytes("tiktok/Overview.xlsx", sheet).unknown[0].startswith("year:")
    receipt = land_bytes("tiktok/2026/Overview.xlsx", sheet)
    assert _period(receipt) == ("2025-12-30", "2026-01-01")
    assert _totals(receipt)["video_views"] == (30, 3)


def _business(head: Sequence[str], days: Sequence[str]) -> Rows:
    rest = ["1,234", "NAN", 7, 5, 4, 3, 9, 6, "--", -1, 2, 3]
    return [head, *([day, *rest] for day in days)]


@pytest.mark.parametrize(
    ("head", "locale"), [(BUSINESS, "en"), ([name.lower() for name in BUSINESS], "en"), (BUSINESS_SV, "sv")]
)
@pytest.mark.parametrize(
    "days",
    [
        ("2025/10/31", "2025/11/01"),
        ("10/31/2025", "11/1/2025"),
        ("31/10/2025", "01/11/2025"),
        ("31.10.2025", "01.11.2025"),
        ("2025-10-31", "2025-11-01"),
    ],
)
def test_business_suite_by_day(land_bytes: Landing, head: list[str], locale: str, days: tuple[str, ...]) -> None:
    receipt = land_bytes("tiktok/export.csv", text(_business(head, days)))
    assert (receipt.status, receipt.format, receipt.locale) == ("loaded", "tiktok_business_overview", locale)
    assert _period(receipt) == ("2025-10-31", "2025-11-01")
    assert not receipt.warnings
    assert _totals(receipt) == {
        "video_views": (2468, 2), "reach": (None, 0), "profile_visits": (14, 2), "reactions": (10, 2),
        "shares": (8, 2), "comments": (6, 2), "link_clicks": (12, 2), "follows_net": (-2, 2), "follows": (4, 2),
        "unfollows": (6, 2),
    }  # fmt: skip


def test_business_suite_in_a_european_spreadsheet(land_bytes: Landing) -> None:
    rows = _business(BUSINESS, ["31.10.2025", "01.11.2025"])
    content = text([[str(cell).replace("1,234", "1.234") for cell in row] for row in rows], delimiter=";")
    receipt = land_bytes("tiktok/export.csv", content.encode("cp1252"))
    assert _totals(receipt)["video_views"] == (2468, 2)
    assert _period(receipt) == ("2025-10-31", "2025-11-01")


def test_business_suite_out_of_pandas(land_bytes: Landing) -> None:
    rows = _business(BUSINESS, ["2025-10-31", "2025-11-01"])
    head = ["", *(name.strip().replace(" ", "_").lower() for name in BUSINESS)]
    floats = [[index, day, *(f"{cell}.0" if isinstance(cell, int) else cell for cell in rest)]
              for index, (day, *rest) in enumerate(rows[1:])]  # fmt: skip
    receipt = land_bytes("tiktok/export.csv", text([head, *floats]))
    assert (receipt.format, receipt.rows_loaded) == ("tiktok_business_overview", 2)
    assert _totals(receipt)["link_clicks"] == (12, 2)


def test_overview_with_followers(land_bytes: Landing) -> None:
    head = ["Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares", "New followers"]
    receipt = land_bytes("tiktok/2026/Overview.csv", text([head, ["16 July", 5, 4, 3, 2, 1, 112]]))
    assert (receipt.format, _totals(receipt)["follows"]) == ("tiktok_overview", (112, 1))


@pytest.mark.parametrize(
    "post_times",
    [
        ("July 16", "July 17"),
        ("16 de julio", "17 de julio"),
        ("7月16日", "7月17日"),
        ("2025/07/16 09:30", "2025/07/17 23:59"),
        ("2025-07-16 09:30:00", "2025-07-17 09:30:00"),
        ("7/16/2025 9:30", "7/17/2025 9:30"),
        ("16.07.2025 09:30", "17.07.2025 09:30"),
        ("16-Jul", "17-Jul"),
    ],
)
def test_the_moment_of_a_video_follows_from_its_id(land_bytes: Landing, post_times: tuple[str, str]) -> None:
    receipt = land_bytes("Content.csv", text(_content(*post_times), quote_all=True))
    assert (receipt.status, receipt.format, receipt.account) == ("loaded", "tiktok_content", "acme.co")
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (2, 0)
    assert _period(receipt) == ("2025-07-16", "2025-07-17")
    assert _totals(receipt)["reactions"] == (2468, 2)


def test_an_id_without_its_last_digits_is_read_where_the_printed_day_agrees(land_bytes: Landing) -> None:
    cut = [_video(16) // 1000, _video(17) // 1000]
    receipt = land_bytes("Content.csv", text(_content("July 16", "December 1", ids=cut)))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (1, 1)


def test_video_table_of_business_suite(land_bytes: Landing) -> None:
    head = ["Video title", "Video link", "Post time", "Video views", "Likes", "Comments", "Shares", "Add to Favorites"]
    row = ["t", f"https://www.tiktok.com/@acme/video/{_video(16)}", "2025/07/16 12:00", 100, 4, 3, 2, 1]
    receipt = land_bytes("Video.csv", text([head, row]))
    assert (receipt.format, receipt.warnings) == ("tiktok_content", ())
    assert {name: total for name, (total, _) in _totals(receipt).items()} == {
        "video_views": 100, "reactions": 4, "comments": 3, "shares": 2, "saves": 1,
    }  # fmt: skip


def test_viewers_workbook_with_numbers_as_text(land_bytes: Landing) -> None:
    head = ["Date", "Total Viewers", "New Viewers", "Returning Viewers"]
    sheet = workbook(Viewers=[head, ["September 25", "undefined", "0", "0"], ["September 26", "12", "7", "5"]])
    receipt = land_bytes("tiktok/Viewers_acme.zip", zipped(stamp=(2026, 10, 2), Viewers_xlsx=sheet))
    assert (receipt.format, receipt.account, receipt.encoding) == ("tiktok_viewers", "acme", "zip of xlsx")
    assert _totals(receipt)["reach"] == (None, 1)
    assert _period(receipt) == ("2026-09-25", "2026-09-26")


def test_followers_archive(land_bytes: Landing) -> None:
    history = text([["Date", "Followers", "Difference in followers from previous day"], ["October 1", 4, -1]])
    archive = zipped(
        stamp=(2026, 10, 2),
        FollowerHistory_csv=history,
        FollowerActivity_csv='"Date","Hour","Active followers"',
        FollowerGender_csv='"Gender","Distribution"\n"Female","0.59"',
        FollowerTopTerritories_csv='"Top territories","Distribution"\n"US","0.462"',
    )
    receipt = land_bytes("tiktok/Followers_acme.zip", archive)
    assert (receipt.status, receipt.format) == ("loaded", "tiktok_follower_history")
    assert (receipt.rows_read, receipt.rows_loaded, receipt.rows_ignored) == (3, 1, 2)
    assert _totals(receipt)["follows_net"] == (-1, 1)


@pytest.mark.parametrize("cost", ["Cost", "Cost (ZAR)", "Spend"])
def test_reports_of_ads_manager_are_paid_actions(land_bytes: Landing, cost: str) -> None:
    head = ["Date", "Campaign name", cost, "Impressions", "Clicks (destination)", "Website URL (Ad level）"]
    rows = text([head, ["2026-07-16", "c", "412.50", "<5", "688", ""], ["Total"] * 6])
    receipt = land_bytes("tiktok/ads.csv", rows)
    if "ZAR" not in cost:
        assert (receipt.status, receipt.reason[:9] if receipt.reason else "") == ("needs_answer", "currency:")
        return
    assert (receipt.status, receipt.format, receipt.rows_loaded) == ("loaded", "tiktok_ads", 1)
    assert _totals(receipt)["spend"] == (Decimal("412.50"), 1)
    assert _totals(receipt)["impressions"] == (None, 0)  # masked: not reported, which is not 0


def test_a_year_after_the_export_is_the_spreadsheets(land_bytes: Landing) -> None:
    days = ["2026-02-28", "2026-03-01"]  # `February 28` of 2025, opened and saved in 2026
    rows = text([["Date", "Video Views", "Profile Views", "Likes"], *([day, 10, 1, 2] for day in days)])
    receipt = land_bytes("tiktok/Overview_2025-02-28_1741000000_acme.csv", rows)
    assert _period(receipt) == ("2025-02-28", "2025-03-01")
    assert _period(land_bytes("tiktok/Overview.csv", rows)) == ("2026-02-28", "2026-03-01")
