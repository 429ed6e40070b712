"""Copies that a spreadsheet of another country has saved: what it lost is found again where that is certain."""

from __future__ import annotations

import pytest

from pipelines.lake import Receipt
from pipelines.land.lookups import bare
from pipelines.land.words import fold
from tests.land.conftest import Landing
from tests.land.files import text

TURKISH = ["İçerik", "Tarih", "Video başlığı", "Videonun yayınlanma tarihi", "Süre", "Görüntüleme", "Beğenmeler"]
VIDEO = ["abcdefghij0", "2026-02-13", "t", "Feb 1, 2026", "61", "511", "11"]


PAYMENTS = ["id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Status", "Converted Amount"]
PAYMENT = ["ch_1", "2026-02-13 10:00:00", "5.00", "1.00", "usd", "Paid", "4.00"]


@pytest.mark.parametrize("saved", ["created_date_utc", "Created.date..UTC.", "Created date UTC", "created date  utc"])
def test_names_without_their_marks_are_known(land_bytes: Landing, saved: str) -> None:
    """As R, pandas and databases write them, which allow words alone."""
    receipt = land_bytes("stripe/a.csv", text([[PAYMENTS[0], saved, *PAYMENTS[2:]], PAYMENT]).encode())
    assert (receipt.format, total(receipt, "revenue"), total(receipt, "refunded")) == ("stripe_payments", 5, 1)


@pytest.mark.parametrize("saved", ["amount_spent_eur", "Amount.spent..EUR.", "Amount spent EUR"])
def test_so_is_the_currency_in_a_name(land_bytes: Landing, saved: str) -> None:
    rows = [["Ad name", "Day", "Impressions", saved], ["A", "2026-02-13", "100", "1.50"]]
    receipt = land_bytes("meta_ads/a.csv", text(rows).encode())
    assert (receipt.status, total(receipt, "spend")) == ("loaded", 1.5)


def test_a_name_is_not_another_for_want_of_a_sign() -> None:
    assert bare(fold("Order #")) is None
    assert bare(fold("Likes (%)")) is None
    assert bare(fold("Amount")) is None
    assert bare(fold("J'aime")) == "j aime"
    assert bare(fold("Lifetime Talking About This (Post) by action type - like")) == (
        "lifetime talking about this post by action type like"
    )


def squeezed(rows: list[list[str]]) -> bytes:
    """As Excel for Windows saves a CSV: each letter that its encoding lacks is a question mark."""
    return text(rows, delimiter=";").encode("cp1252", "replace")


def total(receipt: Receipt, metric: str) -> object:
    return next((found.total for found in receipt.totals if found.metric == metric), None)


def test_names_whose_letters_were_lost_are_known(land_bytes: Landing) -> None:
    receipt = land_bytes("youtube/a.csv", squeezed([TURKISH, VIDEO]))
    assert (receipt.format, receipt.rows_loaded, receipt.parts[0].columns_unknown) == ("youtube_chart", 1, ())
    assert (total(receipt, "video_views"), total(receipt, "reactions")) == (511, 11)


@pytest.mark.parametrize("name", ["??????????", "Be??????er", "Me?g?nmeler"])
def test_a_name_of_which_too_little_is_left_stays_unknown(land_bytes: Landing, name: str) -> None:
    receipt = land_bytes("youtube/a.csv", text([[*TURKISH[:6], name], VIDEO]).encode())
    assert (total(receipt, "video_views"), total(receipt, "reactions")) == (511, None)
    assert name in " ".join(receipt.warnings)


def test_thousands_that_became_ones_are_refused(land_bytes: Landing) -> None:
    head = ["Start Date (in UTC)", "Campaign Name", "Campaign ID", "Campaign Type", "Total Spent", "Currency",
            "Impressions", "Clicks"]  # fmt: skip
    row = ["9/21/2026", "Buyers", "200000", "Sponsored Update", "1,010.50", "EUR"]
    receipt = land_bytes("linkedin/a.csv", text([head, [*row, "1", "21"]], delimiter=";"))  # 1,000 impressions
    assert (receipt.status, "'1,010.50' and '1'" in str(receipt.reason)) == ("refused", True)
    assert land_bytes("linkedin/b.csv", text([head, [*row, "1000", "21"]], delimiter=";")).status == "refused"
    assert land_bytes("linkedin/c.csv", text([head, [*row, "1000", "2100"]], delimiter=";")).status == "loaded"
    assert land_bytes("linkedin/d.csv", text([head, [*row, "1", "21"]])).status == "loaded"


def test_a_series_without_its_id_is_not_another(land_bytes: Landing) -> None:
    receipt = land_bytes("youtube/a.csv", text([TURKISH[1:], VIDEO[1:]]))
    assert receipt.status == "refused"
    assert "'Content'" in str(receipt.reason)


def test_what_stands_in_for_a_missing_id_is_said(land_bytes: Landing) -> None:
    head = ["Ad name", "Campaign name", "Amount spent (EUR)", "Impressions", "Day"]
    receipt = land_bytes("meta_ads/a.csv", text([head, ["Shoes", "Spring", "1.25", "100", "2026-02-10"]]))
    assert receipt.rows_loaded == 1
    assert "no column 'Ad ID': action_id is made of 'Campaign name' / 'Ad name'" in receipt.warnings


def test_no_year_has_one_digit(land_bytes: Landing) -> None:
    head = ["Ad ID", "Ad name", "Amount spent (EUR)", "Day"]
    rows = [["1", "a", "1.25", "13.02.2026"], ["2", "b", "1.25", "1.2.3"], ["3", "c", "1.25", "1.2.2026"]]
    receipt = land_bytes("meta_ads/a.csv", text([head, *rows]))
    assert [row.row_number for row in receipt.quarantine] == [3]


def as_one_column(content: str, marks: str) -> str:
    """As a program saves text that it took for one column: a line is quoted where it holds one of these marks."""
    lines = content.split("\n")
    return "\n".join(
        '"' + line.replace('"', '""') + '"' if any(mark in line for mark in marks) else line for line in lines
    )


@pytest.mark.parametrize("marks", [',"', ';"', '\t"'])
def test_posts_saved_as_one_column(land_bytes: Landing, marks: str) -> None:
    """Where the program's delimiter is not the file's, lines of a description stand bare among the quoted ones."""
    head = "Post ID,Account username,Description,Publish time,Permalink,Post type,Date,Views,Likes"
    named = ",".join(f'"{name}"' if " " in name else name for name in head.split(","))
    said = 'One day, a "dream"\n\ncame true, they say,\n\nand; thanks, all\nof you'.replace('"', '""')
    rows = [
        f'{17974697564884250 + n},acme,"{said}","12/{31 - n}/2025 08:24",https://www.instagram.com/p/DS7zYdbioB{n}/,'
        f'"IG reel",Lifetime,{1000 + n},{40 + n}'
        for n in range(3)
    ]
    receipt = land_bytes("inbox/a.csv", as_one_column("\n".join([named, *rows]) + "\n", marks).encode())
    assert (receipt.format, receipt.rows_loaded, receipt.rows_quarantined) == ("meta_posts", 3, 0)
    assert (total(receipt, "impressions"), total(receipt, "reactions")) == (3003, 123)


def test_orders_of_which_only_rows_with_quotes_were_wrapped(land_bytes: Landing) -> None:
    """The header, the further rows of an order and the lines inside a note stand bare."""
    head = (
        "Name,Email,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price"
    )
    named = f"{head},Note Attributes,Id"
    first = '#1,ann@example.com,paid,CLP,300,310,2026-01-20 09:44:09 -0300,1,Mug,100,"country: CL\nutm_source: ig",77'
    more = "#1,ann@example.com,,,,,2026-01-20 09:44:09 -0300,2,Cup,100,,"
    other = '#2,bob@example.com,paid,CLP,100,120,2026-01-21 09:44:09 -0300,1,"Mug, blue",100,"",78'
    lines = "\n".join([named, first, more, other]) + "\n"
    receipt = land_bytes("shopify/a.csv", as_one_column(lines, '"').encode())
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 3, 0)
    assert (total(receipt, "revenue"), total(receipt, "line_items")) == (430, 400)


def test_a_sentence_above_a_table_is_no_header(land_bytes: Landing) -> None:
    note = '"When exporting, some, not all, of your contacts are left out"'
    head = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    row = "Ann,Lee,https://www.linkedin.com/in/ann,,Acme,CEO,03 May 2022"
    receipt = land_bytes("linkedin/Connections.csv", "\n".join([note, head, row, row.replace("ann", "bo")]).encode())
    assert receipt.format == "linkedin_archive"
