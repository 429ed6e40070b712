"""One cell alone in its row is someone's note, unless it stands where the table has its days or its numbers."""

from __future__ import annotations

import pytest

from tests.land.conftest import Landing
from tests.land.files import text

HEAD = [
    *("Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows", "Unfollows", "Replies"),
    *("Reposts", "Profile visits", "Create Post", "Video views", "Media views"),
]


def day(date: str, *values: str) -> list[str]:
    return [date, *values, *[""] * (len(HEAD) - 1 - len(values))]


@pytest.fixture(params=["10000000", "0"], ids=["row after row", "in the engine"])
def land(request: pytest.FixtureRequest, land_bytes: Landing, monkeypatch: pytest.MonkeyPatch) -> Landing:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", request.param)
    return land_bytes


def test_days_without_values_are_days(land: Landing) -> None:
    rows = [
        day("Sun, Mar 3, 2024", "5", "1"),
        day("Sat, Mar 2, 2024"),
        day("Fri, Mar 1, 2024"),
        day("Thu, Feb 29, 2024", "9"),
    ]
    receipt = land("x/a.csv", text([HEAD, *rows]))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (4, 0)
    assert [str(found.total) for found in receipt.totals if found.metric == "impressions"] == ["14"]


@pytest.mark.parametrize("note", ["Source: X, March 2024", "2024", "as of 3/3"])
def test_a_note_among_them_is_none(land: Landing, note: str) -> None:
    rows = [day("Sun, Mar 3, 2024", "5", "1"), day("Sat, Mar 2, 2024"), day(note), day("Thu, Feb 29, 2024", "9")]
    receipt = land("x/a.csv", text([HEAD, *rows]))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (2, 2)


def test_people_without_a_name_do_not_end_the_table(land: Landing) -> None:
    head = ["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"]
    rows = [
        ["A", "B", "https://www.linkedin.com/in/a-b", "", "", "", "01 Apr 2026"],
        *[[*[""] * 6, f"0{number} Mar 2026"] for number in (3, 3, 2)],
        ["C", "D", "https://www.linkedin.com/in/c-d", "", "", "", "01 Mar 2026"],
    ]
    receipt = land("linkedin/Connections.csv", text([head, *rows]))
    assert (receipt.rows_loaded, receipt.rows_quarantined, receipt.rows_ignored) == (2, 0, 3)


@pytest.mark.parametrize(
    ("lone", "loaded"), [("abcdefghij2", 4), ("-abcdefghi3", 4), ("Anmerkungen", 2), ("Notes of Ana", 2)]
)
def test_videos_without_views_are_videos(land: Landing, lone: str, loaded: int) -> None:
    head = ["Content", "Video title", "Video publish time", "Views", "Watch time (hours)", "Subscribers"]
    rows = [["abcdefghij0", "t", "Feb 1, 2026", "5", "1.5", "1"], ["abcdefghij1"], [lone], ["abcdefghij4", "", "", "1"]]
    receipt = land("youtube/Table data.csv", text([head, *([*row, *[""] * (6 - len(row))] for row in rows)]))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (loaded, 4 - loaded)
