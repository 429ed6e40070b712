"""Tables among other tables, in the wrong folder, with columns and sheets that nobody knows."""

from __future__ import annotations

import pytest

from tests.land.biff import legacy_workbook
from tests.land.conftest import Landing
from tests.land.files import text, tweet, tweets, workbook
from tests.land.test_bad_text import GOOD, adds_up, total


def test_rows_below_an_unknown_second_header_are_not_taken_for_the_first_tables(land_bytes: Landing) -> None:
    first = text([["Date", "Tweets published", "impressions"], ["2021-01-01", 1, 5], ["2021-01-02", 1, 6]])
    second = text([["Date", "Followers lost", "Followers won"], ["2021-01-03", 7, 8]])
    for index, between in enumerate(["\r\n", "A title\r\n"]):
        receipt = land_bytes(f"x/{index}.csv", first + between + second)
        assert total(receipt) == 11
        assert receipt.rows_quarantined >= 2
        assert adds_up(receipt)


def test_an_unknown_metric_under_a_known_one_asks(land_bytes: Landing) -> None:
    known = "Instagram reach\n" + text([["Date", "Primary"], ["2026-05-25T00:00:00", 5]], end="\n")
    unknown = "Instagram zaps\n" + text([["Date", "Zaps"], ["2026-05-25T00:00:00", 7]], end="\n")
    receipt = land_bytes("meta_business_suite/series.csv", known + "\n" + unknown)
    assert receipt.status == "needs_answer"
    assert "Instagram zaps" in (receipt.reason or "")


def test_a_repeated_header_is_no_data(land_bytes: Landing) -> None:
    rows = tweets("10", "20")
    receipt = land_bytes("x/export.csv", text([*rows, rows[0], tweet(9, 5)]))
    assert sum(t.total or 0 for t in receipt.totals if t.metric == "impressions") == 35
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (3, 0)
    assert len({part.name for part in receipt.parts}) == 2
    receipt = land_bytes("x/long.csv", text([*tweets(*range(100)), rows[0], tweet(900, 5)]))
    assert (total(receipt), receipt.rows_ignored) == (sum(range(100)) + 5, 1)


def test_the_content_wins_over_the_folder(land_bytes: Landing) -> None:
    receipt = land_bytes("youtube/export.csv", GOOD)
    assert (receipt.source, receipt.networks, total(receipt)) == ("x", ("x",), 1334)
    assert any("youtube" in warning for warning in receipt.warnings)
    assert not land_bytes("x/own.csv", text(tweets("4"))).warnings


def test_columns_that_many_networks_share_need_a_place(land_bytes: Landing) -> None:
    content = text([["Date", "Subscribers"], ["2026-01-01", 3], ["2026-01-02", -1]])
    assert total(land_bytes("youtube/Totals.csv", content), "follows") == 2
    asked = land_bytes("inbox/Totals.csv", content + "2026-01-03,1\r\n")
    assert (asked.status, asked.rows_loaded) == ("needs_answer", 0)


def test_unknown_columns_are_kept_and_told_once(land_bytes: Landing) -> None:
    rows = [[*row, *(f"new {n}" if not index else n for n in range(600))] for index, row in enumerate(tweets("10"))]
    receipt = land_bytes("x/export.csv", text(rows))
    assert (receipt.status, total(receipt)) == ("loaded", 10)
    assert [warning for warning in receipt.warnings if "600 columns" in warning]
    assert len(receipt.parts[0].columns_unknown) == 600


def test_a_stray_cell_in_a_workbook_is_no_column(land_bytes: Landing) -> None:
    rows = tweets("10", "20", "30", "40")
    rows[2].insert(2, "stray")  # the sheet is now a column wider, and its header ends with a blank cell
    receipt = land_bytes("x/export.xlsx", workbook(Posts=rows))
    assert (receipt.rows_loaded, receipt.rows_quarantined, total(receipt)) == (3, 1, 80)


@pytest.mark.parametrize("count", [2, 4])
def test_a_column_without_a_name_is_one_where_most_rows_fill_it(land_bytes: Landing, count: int) -> None:
    head, *rows = tweets(*["10"] * count)
    receipt = land_bytes("x/export.xlsx", workbook(Posts=[head, *([*row, "seen"] for row in rows)]))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == ((4, 0) if count == 4 else (0, 2))


def test_a_sheet_that_nobody_knows_is_named(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.xlsx", workbook(Posts=tweets("10"), Budget=[["Item", "Cost"], ["Ink", 5]]))
    assert (receipt.rows_read, receipt.rows_loaded, receipt.rows_ignored) == (3, 1, 2)
    assert any("Budget" in warning for warning in receipt.warnings)
    assert sum(part.rows_ignored for part in receipt.parts) == 2


def test_legacy_workbooks(land_bytes: Landing) -> None:
    assert total(land_bytes("x/export.xls", legacy_workbook(tweets("10", "20")))) == 30
