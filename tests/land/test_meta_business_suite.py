"""Meta Business Suite: every layout in the languages and shapes in which people have it, with exact totals."""

from __future__ import annotations

import csv

import pytest

from pipelines.lake import Receipt
from tests.fixtures.meta_headers import FACEBOOK, INSTAGRAM
from tests.land.conftest import Landing
from tests.land.files import Rows, text, workbook

WHOLE = {"en": "Lifetime", "es": "Total", "pt": "Total", "fr": "Total"}
PAGE = {
    "impressions": 306,
    "engagements": 36,
    "reactions": 9,
    "comments": 12,
    "shares": 15,
    "clicks": 18,
    "link_clicks": 21,
}
ACCOUNT = {"impressions": 306, "reactions": 6, "shares": 9, "follows": 12, "comments": 15, "saves": 18}


def page_posts(locale: str = "en", *, day: str | None = None) -> list[list[object]]:
    """A Facebook export of three posts."""
    when = WHOLE.get(locale, "Lifetime") if day is None else day
    return [FACEBOOK[locale], *(
        [122000000000000 + n, 100, "Acme", f"Hello {n}", f"05/{13 + n}/2026 10:23", f"https://facebook.com/{n}",
         "Photos", when, 101 + n, 50 + n, 11 + n, 2 + n, 3 + n, 4 + n, 5 + n, 6 + n]
        for n in range(3)
    )]  # fmt: skip


def account_posts(locale: str = "en") -> list[list[object]]:
    """An Instagram export of three posts, the last of another account."""
    return [INSTAGRAM[locale], *(
        [17974697564884250 + n, 178, "acme" if n < 2 else "other", f"Line 1\n\nLine {n}", f"05/{13 + n}/2026 10:23",
         f"https://instagram.com/p/{n}", WHOLE.get(locale, "Lifetime"), 101 + n, "" if n == 2 else 50, 1 + n, 2 + n,
         3 + n, 4 + n, 5 + n]
        for n in range(3)
    )]  # fmt: skip


def totals(receipt: Receipt) -> dict[str, int]:
    """The totals that can be added up, by metric; the books must add up too."""
    assert receipt.rows_read == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_ignored
    summed: dict[str, int] = {}
    for total in receipt.totals:
        if total.total is not None:
            summed[total.metric] = summed.get(total.metric, 0) + int(total.total)
    return summed


def with_column(rows: Rows, place: int, cells: list[object]) -> list[list[object]]:
    return [[*row[:place], cell, *row[place:]] for row, cell in zip(rows, cells, strict=True)]


def series(title: str, *values: int, head: tuple[str, str] = ("Date", "Primary"), hour: str = "00") -> str:
    days = [[f"2026-05-{day:02d}T{hour}:00:00", value] for day, value in enumerate(values, start=25)]
    return text([[title]], quote_all=True) + text([head, *days], quote_all=True)


@pytest.mark.parametrize("locale", FACEBOOK)
def test_page_posts_in_every_language(land_bytes: Landing, locale: str) -> None:
    receipt = land_bytes("inbox/a.csv", "\ufeff" + text(page_posts(locale)))
    assert (receipt.format, receipt.networks, receipt.rows_loaded) == ("meta_posts", ("facebook",), 3)
    assert (totals(receipt), receipt.warnings) == (PAGE, ())
    assert receipt.period_start == "2026-05-13"


@pytest.mark.parametrize("locale", INSTAGRAM)
def test_account_posts_in_every_language(land_bytes: Landing, locale: str) -> None:
    receipt = land_bytes("inbox/a.csv", "\ufeff" + text(account_posts(locale)))
    assert (receipt.format, receipt.networks, receipt.rows_loaded) == ("meta_posts", ("instagram",), 3)
    assert (totals(receipt), receipt.warnings) == (ACCOUNT, ())
    reach = next(total for total in receipt.totals if total.metric == "reach")
    assert (reach.total, reach.rows_with_value) == (None, 2)


def test_impressions_and_the_raw_key_of_reach(land_bytes: Landing) -> None:
    head, *rows = page_posts()
    older = [["Impressions" if name == "Views" else "IMPRESSION:UNIQUE_USERS" if name == "Reach" else name
              for name in head], *rows]  # fmt: skip
    receipt = land_bytes("inbox/a.csv", text(older))
    assert totals(receipt) == PAGE
    named = {total.metric: total.native_name for total in receipt.totals}
    assert (named["impressions"], named["reach"]) == ("Impressions", "IMPRESSION:UNIQUE_USERS")


def test_the_raw_key_beside_reach_is_passed_over(land_bytes: Landing) -> None:
    rows = with_column(page_posts(), 8, ["IMPRESSION:UNIQUE_USERS", 1, "", 3])
    receipt = land_bytes("inbox/a.csv", text(rows))
    assert totals(receipt) == PAGE
    assert {total.native_name for total in receipt.totals if total.metric == "reach"} == {"Reach"}
    assert any("IMPRESSION:UNIQUE_USERS" in warning for warning in receipt.warnings)


@pytest.mark.parametrize(
    ("place", "name", "cells", "warns"),
    [
        (16, "Views", [101, 102, 103], False),  # the same twice
        (16, "Views", [7, "", ""], True),  # the plays of videos, after the views of posts
        (8, "Views", [7, "", ""], True),  # the same, moved to the front
        (8, "Views", [0, 0, 0], False),  # zeros measure nothing
        (16, "Views", [999, 999, 999], True),  # both whole: the first is the post's
        (16, "Plays", [7, 8, 9], False),
    ],
)  # fmt: skip
def test_views_twice(land_bytes: Landing, place: int, name: str, cells: list[object], warns: bool) -> None:
    receipt = land_bytes("inbox/a.csv", text(with_column(page_posts(), place, [name, *cells])))
    assert totals(receipt) == PAGE
    assert bool(receipt.warnings) is warns


def test_a_second_views_that_knows_other_posts_is_refused(land_bytes: Landing) -> None:
    head, *rows = page_posts()
    rows[0][8] = ""
    receipt = land_bytes("inbox/a.csv", text(with_column([head, *rows], 16, ["Views", 500, "", 7])))
    assert (receipt.status, receipt.rows_loaded) == ("refused", 0)
    assert "two columns are named 'Views'" in (receipt.reason or "")


def test_views_beside_impressions(land_bytes: Landing) -> None:
    rows = with_column(page_posts(), 8, ["Impressions", 1000, 1000, 1000])
    receipt = land_bytes("inbox/a.csv", text(rows))
    assert totals(receipt) == PAGE | {"impressions": 3000}
    assert any("'Views'" in warning for warning in receipt.warnings)


def test_an_untranslated_views_at_the_end(land_bytes: Landing) -> None:
    receipt = land_bytes("inbox/a.csv", text(with_column(account_posts("es"), 14, ["Views", 9, 9, 9])))
    assert totals(receipt) == ACCOUNT


def test_rows_of_errors_are_quarantined_with_their_id(land_bytes: Landing) -> None:
    rows = with_column(page_posts(), 7, ["Data comment", "", "", ""])
    failed = ["", "", "", "", "", "", "", "An error occurred 122000000000009", *[""] * 9]
    receipt = land_bytes("inbox/a.csv", text([*rows, failed]))
    assert (receipt.rows_loaded, receipt.rows_quarantined, totals(receipt)) == (3, 1, PAGE)


def test_stories(land_bytes: Landing) -> None:
    head = [*INSTAGRAM["en"][:10], "Profile visits", "Replies", "Link clicks", "Sticker taps", "Navigation"]
    rows = [[*row[:10], 3, 1, 2, 4, 5] for row in account_posts()[1:]]
    receipt = land_bytes("inbox/a.csv", text([head, *rows]))
    expected = {"impressions": 306, "reactions": 6, "profile_visits": 9, "comments": 3, "link_clicks": 6}
    assert (totals(receipt), receipt.warnings) == (expected, ())


def test_posts_by_day_are_another_format(land_bytes: Landing) -> None:
    head, *rows = page_posts(day="05/20/2026")
    later = [[*row[:7], "05/21/2026", *row[8:]] for row in rows]
    receipt = land_bytes("inbox/a.csv", text([head, *rows, *later]))
    assert (receipt.format, receipt.grain, receipt.rows_loaded) == ("meta_posts_by_day", "post-day", 6)
    assert totals(receipt) == {metric: 2 * total for metric, total in PAGE.items()}
    assert (receipt.period_start, receipt.period_end) == ("2026-05-20", "2026-05-21")


@pytest.mark.parametrize("word", ["Total", "Lifetime"])
def test_totals_among_the_days_are_not_counted_twice(land_bytes: Landing, word: str) -> None:
    head, *rows = account_posts("pt")
    whole = [[*row[:6], word, *row[7:]] for row in rows]
    daily = [[*row[:6], f"05/{20 + n}/2026", *row[7:]] for n, row in enumerate(rows)]
    for index, mixed in enumerate([[*whole, *daily], [*daily, *whole]]):
        receipt = land_bytes(f"inbox/{index}.csv", text([head, *mixed]))
        assert (receipt.format, receipt.networks) == ("meta_posts_by_day", ("instagram",))
        assert (receipt.rows_loaded, receipt.rows_ignored, totals(receipt)) == (3, 3, ACCOUNT)


def test_copies_of_posts(land_bytes: Landing) -> None:
    rows = account_posts()
    plain = text(rows, end="\n")
    wrapped = "\n".join('"' + line.replace('"', '""') + '"' for line in plain.splitlines()) + "\n"
    head, *data = rows
    pandas = [["", *(str(name).lower().replace(" ", "_") for name in head)], *(
        [n, *row[:8], f"{row[8]}.0" if row[8] != "" else "", *row[9:]] for n, row in enumerate(data)
    )]  # fmt: skip
    excel = [head, *([*row[:4], f"{13 + n}/05/2026 10:23", *row[5:]] for n, row in enumerate(data))]
    copies = [
        wrapped,
        wrapped.replace('"\n', '";;;\n'),
        text(pandas),
        text(excel, delimiter=";"),
        text(rows, delimiter="\t"),
        text([*rows, ["Total"]]),
    ]
    for index, copy in enumerate(copies):
        receipt = land_bytes(f"inbox/{index}.csv", copy)
        assert (receipt.rows_loaded, totals(receipt)) == (3, ACCOUNT), index
    receipt = land_bytes("inbox/a.xlsx", workbook(Sheet1=[[str(cell) for cell in row] for row in rows]))
    assert totals(receipt) == ACCOUNT
    receipt = land_bytes("inbox/latin.csv", text(account_posts("fr"), delimiter=";").encode("cp1252"))
    assert (receipt.encoding, totals(receipt)) == ("cp1252", ACCOUNT)


def test_the_name_of_the_file_settles_day_and_month(land_bytes: Landing) -> None:
    head, *rows = page_posts()
    content = text([head, *([*row[:4], f"05/{n + 1:02d}/2026 10:23", *row[5:]] for n, row in enumerate(rows))])
    assert land_bytes("inbox/export.csv", content).status == "needs_answer"
    receipt = land_bytes("inbox/Acme May-01-2026_May-28-2026_1493633672508178 (1).csv", content)
    assert (receipt.status, receipt.period_start, receipt.period_end) == ("loaded", "2026-05-01", "2026-05-03")


@pytest.mark.parametrize(
    ("title", "head", "network", "metric"),
    [
        ("Facebook reach", ("Date", "Primary"), "facebook", "reach"),
        ("Facebook Page likes", ("Date", "Primary"), "facebook", "follows"),
        ("New Instagram followers", ("Date", "Primary"), "instagram", "follows"),
        ("Instagram profile visits", ("Date", "Primary"), "instagram", "profile_visits"),
        ("Visitas ao Facebook", ("Data", "Primary"), "facebook", "profile_visits"),
        ("Visitas ao perfil do Instagram", ("Data", "Primary"), "instagram", "profile_visits"),
        ("Alcance de Instagram", ("Fecha", "Primary"), "instagram", "reach"),
        ("Räckvidd på Facebook", ("Datum", "Primär"), "facebook", "reach"),
        ("Couverture Facebook", ("Date", "Principal"), "facebook", "reach"),
        ("Facebook Page visits", ("Date", "Facebook Page likes"), "facebook", "profile_visits"),
    ],
)
def test_series(land_bytes: Landing, title: str, head: tuple[str, str], network: str, metric: str) -> None:
    body = series(title, 5, 0, 7, head=head)
    copies = [
        ("sep=,\r\n" + body).encode("utf-16"),
        body.encode(),
        ("sep=\t\r\n" + body.replace(",", "\t")).encode("utf-16"),
        body.replace(",", ";").replace('"', "").encode("utf-8-sig"),
        body.replace("T00:", "T01:").encode(),
        workbook(Sheet=[["", *row] for row in csv.reader(body.splitlines())]),
    ]
    for index, content in enumerate(copies):
        receipt = land_bytes(f"inbox/{index}.{'xlsx' if content.startswith(b'PK') else 'csv'}", content)
        assert (receipt.networks, receipt.rows_loaded) == ((network,), 3)
        assert [(t.metric, t.native_name, t.rows_with_value) for t in receipt.totals] == [(metric, title, 3)]
        assert totals(receipt) == ({} if metric == "reach" else {metric: 12})
        assert (receipt.period_start, receipt.period_end) == ("2026-05-25", "2026-05-27")


@pytest.mark.parametrize("title", ["Views", "Viewers", "Visits", "Follows", "Content interactions", "Link clicks",
                                   "3-second views", "Vues", "Visualizações", "Seguidores"])  # fmt: skip
def test_series_that_do_not_name_their_network_ask(land_bytes: Landing, title: str) -> None:
    head = ("Date", "Primary")
    asked = land_bytes("meta_business_suite/a.csv", series(title, 1, 2, head=head))
    assert (asked.status, asked.rows_loaded) == ("needs_answer", 0)
    assert asked.unknown[0].startswith("network:")
    assert land_bytes("meta_business_suite/instagram/a.csv", series(title, 1, 2, head=head)).networks == ("instagram",)


def test_stacked_series(land_bytes: Landing) -> None:
    stacked = "sep=,\r\n" + series("Facebook visits", 1, 2) + "\r\n" + series("Instagram profile visits", 30, 40)
    receipt = land_bytes("inbox/a.csv", stacked.encode("utf-16"))
    assert (receipt.networks, totals(receipt)) == (("facebook", "instagram"), {"profile_visits": 73})
    open_one = stacked + "\r\n" + series("Visits", 5)
    assert land_bytes("inbox/b.csv", open_one.encode("utf-16")).status == "needs_answer"
    placed = land_bytes("meta_business_suite/facebook/b.csv", open_one.encode("utf-16"))
    assert totals(placed) == {"profile_visits": 78}


def test_series_that_no_metric_stands_for_are_set_aside(land_bytes: Landing) -> None:
    receipt = land_bytes("inbox/a.csv", "sep=,\r\n" + series("Paid reach", 5, 6))
    assert (receipt.status, receipt.rows_loaded, receipt.rows_ignored) == ("ignored", 0, 2)
    both = land_bytes("inbox/b.csv", series("Facebook reach", 1, 2) + "\r\n" + series("Paid reach", 5, 6))
    assert (both.status, both.rows_loaded, both.rows_ignored) == ("loaded", 2, 2)


@pytest.mark.parametrize("title", ["Top cities", "Age & gender", "Principales ciudades", "Principais cidades",
                                   "Villes principales", "Top-Städte", "Principali città"])  # fmt: skip
def test_audiences(land_bytes: Landing, title: str) -> None:
    body = text([[title], ["Berlin", "Paris"], ["1.7", "1.1"]], quote_all=True)
    receipt = land_bytes("inbox/Audience.csv", ("sep=,\r\n" + body).encode("utf-16"))
    assert (receipt.status, receipt.format, receipt.rows_loaded) == ("ignored", "meta_audience", 0)


def test_views_of_0_on_every_row_are_no_measurement(land_bytes: Landing) -> None:
    head, *rows = page_posts()
    unmeasured = [[*row[:8], 0, *row[9:]] for row in rows]
    receipt = land_bytes("inbox/a.csv", text([head, *unmeasured]))
    views = next(total for total in receipt.totals if total.metric == "impressions")
    assert (views.native_name, views.total, views.rows_with_value) == ("Views", None, 0)
    assert any("not measured" in warning for warning in receipt.warnings)
    unseen = [[*row[:8], *[0] * 8] for row in rows]
    receipt = land_bytes("inbox/b.csv", text([head, *unseen]))
    assert (totals(receipt)["impressions"], receipt.warnings) == (0, ())
