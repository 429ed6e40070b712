"""Text files as people and programs damage them: read rightly, or refused with the reason. Never a wrong number."""

from __future__ import annotations

import pytest

from pipelines.lake import Receipt
from tests.land.conftest import Landing
from tests.land.files import TWEETS, gzipped, text, tweet, tweets, workbook, zipped

GOOD = text(tweets("1,234", "100.0", "0"))


def total(receipt: Receipt, metric: str = "impressions") -> object:
    return next(found.total for found in receipt.totals if found.metric == metric)


def adds_up(receipt: Receipt) -> bool:
    return receipt.rows_read == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_ignored


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (GOOD.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "utf-8-bom"),
        (GOOD.encode("utf-16"), "utf-16-le-bom"),
        (b"\xfe\xff" + GOOD.encode("utf-16-be"), "utf-16-be-bom"),
        (GOOD.encode("utf-16-le"), "utf-16-le"),
        (GOOD.encode("utf-16-be"), "utf-16-be"),
        (GOOD.replace("hello", "café “ja”").encode("cp1252"), "cp1252"),
        (text(tweets("1,234", "100.0", "0"), delimiter=";").encode(), "utf-8"),
        (text(tweets("1,234", "100.0", "0"), delimiter="\t").encode(), "utf-8"),
        (text(tweets("1,234", "100.0", "0"), delimiter="|").encode(), "utf-8"),
        (text(tweets("1,234", "100.0", "0"), end="\n").encode(), "utf-8"),
        (text(tweets("1,234", "100.0", "0"), end="\r").encode(), "utf-8"),
        (text(tweets("1,234", "100.0", "0"), quote_all=True).encode(), "utf-8"),
        (b"sep=,\r\n" + GOOD.encode(), "utf-8"),
        (b'"sep=;"\r\n' + text(tweets("1,234", "100.0", "0"), delimiter=";").encode(), "utf-8"),
        (b"sep=\t\r\n" + GOOD.encode(), "utf-8"),
        (("sep=,\n" + GOOD).encode("utf-16"), "utf-16-le-bom"),
        (GOOD.rstrip().encode(), "utf-8"),
        (("\r\n\r\n" + GOOD.replace("\r\n", "\r\n\r\n")).encode(), "utf-8"),
        (text([[line] for line in GOOD.splitlines()], quote_all=True).encode(), "utf-8"),
        (workbook(Sheet1=tweets("1,234", "100.0", "0")), "xlsx"),
        (gzipped(GOOD), "utf-8"),
        (zipped(tweets_csv=GOOD), "zip of utf-8"),
    ],
)  # fmt: skip
def test_dialects_and_encodings(land_bytes: Landing, content: bytes, encoding: str) -> None:
    receipt = land_bytes("x/export.csv", content)
    assert (receipt.status, receipt.encoding) == ("loaded", encoding), receipt.reason
    assert (receipt.rows_loaded, total(receipt)) == (3, 1334)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        (bytes(range(256)) * 20, "no text"),
        (b'{"posts": [{"views": 3}]}', "no table"),
        (b"some words\nand more words\n", "no table"),
        (GOOD.encode("utf-16-le")[:-100] + b"\xd8\xd8\xff\xfe" * 9, "utf-16"),
        (b"\x1f\x8b" + b"broken" * 9, "gzip"),
        (gzipped(GOOD)[:60], "gzip"),
        (b"PK\x03\x04" + b"broken" * 9, "zip"),
        (zipped(a_zip=zipped(b_zip=zipped(tweets_csv=GOOD))), "archive inside an archive inside"),
        (zipped(), "zip"),
        (b"PAR1" + b"broken" * 9, "Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (text([TWEETS[:3] + TWEETS[5:], [1, 2, 3, 4, 5, 6, 7]]), "no column 'impressions', 'time'"),
        (
            text(tweets("5")).replace("Tweet permalink", "Address").replace("Tweet id", "No"),
            "no column 'Tweet permalink'",
        ),
    ],
)
def test_unreadable_is_refused_with_the_reason(land_bytes: Landing, content: bytes | str, says: str) -> None:
    receipt = land_bytes("x/export.csv", content)
    assert receipt.status == "refused"
    assert says in (receipt.reason or "")


def test_a_zip_with_a_password_is_refused(land_bytes: Landing) -> None:
    content = bytearray(zipped(tweets_csv=GOOD))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert "password" in (land_bytes("x/export.zip", bytes(content)).reason or "")


def test_one_damaged_member_does_not_hide_the_others(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.zip", zipped(a_csv=GOOD, b_xlsx=b"PK\x03\x04 xl/workbook.xml broken", c_csv=""))
    assert (receipt.status, total(receipt)) == ("loaded", 1334)
    assert any("b.xlsx" in warning for warning in receipt.warnings)
    assert any("c.csv" in warning for warning in receipt.warnings)


def test_header_only_is_loaded_as_nothing(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.csv", text([TWEETS]))
    assert (receipt.status, receipt.rows_read) == ("loaded", 0)
    assert "no data rows" in (receipt.reason or "")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234", 1234), ("1 234", 1234), ("1\u00a0234", 1234), ("1\u202f234", 1234), ("1’234", 1234), ("1938.0", 1938),
        ("1.2K", 1200), ("3M", 3000000), ("-28", -28), ("\u221228", -28), ("-", None), ("undefined", None), ("", None),
        ("NAN", None), ("--", None), ("  7 ", 7),
    ],
)  # fmt: skip
def test_numbers(land_bytes: Landing, cell: str, value: int | None) -> None:
    receipt = land_bytes("x/export.csv", text(tweets("10", cell)))
    assert receipt.status == "loaded"
    found = next(t for t in receipt.totals if t.metric == "impressions")
    assert (found.total, found.rows_with_value) == (10 + (value or 0), 1 if value is None else 2)


@pytest.mark.parametrize(
    "cell", ["12.3%", "12.5", "1,23", "1.47689E+18", "abc", "#DIV/0!", "1_000", "9" * 30, "9" * 14 + "B", "0x1F", "(5)"]
)
def test_what_is_no_count_is_quarantined_with_its_place(land_bytes: Landing, cell: str) -> None:
    receipt = land_bytes("x/export.csv", text(tweets("10.0", cell)))
    assert total(receipt) == 10
    (row,) = receipt.quarantine
    assert (row.row_number, row.column_name, row.value_excerpt) == (3, "impressions", cell)


def test_rows_longer_and_shorter_than_the_header(land_bytes: Landing) -> None:
    rows = [*tweets("10.0"), [*tweet(5), "more"], tweet(6)[:5], tweet(7)[:8], [*tweet(8), "", " "]]
    receipt = land_bytes("x/export.csv", text(rows))
    assert {row.row_number for row in receipt.quarantine} == {3, 4, 6}  # the last: no other row has its blank tail
    assert total(receipt) == 110
    assert adds_up(receipt)


@pytest.mark.parametrize(("cut", "loaded"), [(-12, 1), (-30, 1)])
def test_a_file_cut_inside_a_row(land_bytes: Landing, cut: int, loaded: int) -> None:
    receipt = land_bytes("x/export.csv", text(tweets("10", "20"))[:cut])
    assert (receipt.rows_loaded, total(receipt)) == (loaded, 10)
    assert "ends inside" in receipt.quarantine[0].reason


@pytest.mark.parametrize("tail", ['1,"never closed', '1,"never closed\r\n2,3,4\r\n', "1,ж".encode()[:-1]])
def test_a_file_cut_inside_a_cell(land_bytes: Landing, tail: str | bytes) -> None:
    content = text(tweets("10", "20")).encode() + (tail if isinstance(tail, bytes) else tail.encode())
    receipt = land_bytes("x/export.csv", content)
    assert (receipt.encoding, total(receipt)) == ("utf-8", 30)
    assert [(row.row_number, "ends inside" in row.reason) for row in receipt.quarantine] == [(4, True)]


def test_a_last_line_of_another_kind_is_whole_without_its_line_break(land_bytes: Landing) -> None:
    header = "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem price,Id,Payment References"
    orders = [f"#{n},paid,EUR,10,2026-03-02 10:00:00 +0100,1,10,500{n},pay{n}" for n in (1, 2)]
    more = "#2,,,,2026-03-02 10:00:00 +0100,2,5,,"  # the order's second line: as short of values as its kind is
    receipt = land_bytes("shopify/orders.csv", "\n".join([header, *orders, more]))
    assert (receipt.rows_loaded, receipt.quarantine) == (3, ())
    cut = land_bytes("shopify/cut.csv", "\n".join([header, *orders, orders[0].removesuffix("pay1")]))
    assert "ends inside" in cut.quarantine[0].reason


def test_a_lone_quote_in_a_text_is_no_cut(land_bytes: Landing) -> None:
    rows = text(tweets("10", "20"), delimiter="\t").replace("hello", 'a 5" disk', 1)
    receipt = land_bytes("x/export.tsv", rows)
    assert (receipt.rows_loaded, receipt.quarantine) == (2, ())


def test_quotes_that_are_not_doubled_inside_quoted_cells(land_bytes: Landing) -> None:
    said = 'called "red", then\r\n"blue" and "last"'
    rows = [[said.replace('"', "~") if cell == "hello" else cell for cell in row] for row in tweets("100.0", "7", "0")]
    assert any(said.replace('"', "~") in row for row in rows)
    receipt = land_bytes("x/export.csv", text(rows, quote_all=True).replace("~", '"'))
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 3, 0), receipt.quarantine
    assert total(receipt) == 107
    uneven = text([*rows, rows[-1][:-1]], quote_all=True).replace("~", '"')
    assert land_bytes("x/uneven.csv", uneven).rows_quarantined > 0


def test_an_unclosed_quote_does_not_swallow_rows_in_silence(land_bytes: Landing) -> None:
    lines = text([list(TWEETS), *(tweet(n, 10) for n in range(6))]).splitlines(keepends=True)
    lines[2] = lines[2].replace("hello", '"hello')
    lines[5] = lines[5].replace("hello", 'hello"')
    receipt = land_bytes("x/export.csv", "".join(lines))
    assert [(row.row_number, "not closed" in row.reason) for row in receipt.quarantine] == [(3, True)]
    assert (receipt.rows_loaded, total(receipt)) == (2, 20)


def test_newlines_in_cells_and_the_number_of_a_row(land_bytes: Landing) -> None:
    rows = [list(TWEETS), tweet(1, text="a\nb\r\nc"), tweet(2, "oops"), tweet(3, text="d\n\n\ne"), tweet(4, "wrong")]
    receipt = land_bytes("x/export.csv", text(rows))
    assert [row.row_number for row in receipt.quarantine] == [5, 10]
    assert total(receipt) == 200


def test_duplicate_columns(land_bytes: Landing) -> None:
    def with_twin(*cells: object) -> str:
        rows = tweets("10", "20")
        return text([[*row, cell] for row, cell in zip(rows, ["impressions", *cells], strict=True)])

    for index, cells in enumerate([("10", "20"), ("", ""), ("-", "-")]):
        assert total(land_bytes(f"x/{index}.csv", with_twin(*cells))) == 30
    refused = land_bytes("x/differs.csv", with_twin("10", "21"))
    assert refused.status == "refused"
    assert "columns 5 and 10" in (refused.reason or "")
    assert "'impressions'" in (refused.reason or "")


def test_the_filled_one_of_two_columns_is_read(land_bytes: Landing) -> None:
    rows = [["impressions", *TWEETS], *(["", *tweet(n, 7)] for n in range(2))]
    assert total(land_bytes("x/export.csv", text(rows))) == 14


def test_ids_that_a_spreadsheet_mangled(land_bytes: Landing) -> None:
    rows = tweets("10", "20")
    for row in rows[1:]:
        row[0] = "1.47689E+18"
    assert total(land_bytes("x/with_link.csv", text(rows))) == 30
    rows[2][1] = ""
    receipt = land_bytes("x/without.csv", text(rows))
    (row,) = receipt.quarantine
    assert (row.row_number, row.column_name, row.value_excerpt) == (3, "Tweet id", "1.47689E+18")
    assert total(receipt) == 10


def test_ids_whose_last_digits_became_zeros(land_bytes: Landing) -> None:
    rows = [[f"14768912345678{n}0000", "", "t", "2021-01-01 10:00 +0000", 1, 1] for n in range(4)]
    receipt = land_bytes("x/export.csv", text([TWEETS[:6], *rows]))
    assert receipt.rows_loaded == 0
    assert "spreadsheet" in (receipt.reason or "")
    for n, row in enumerate(rows):
        row[1] = f"https://twitter.com/acme/status/147689123456780{n}000"
    assert land_bytes("x/linked.csv", text([TWEETS[:6], *rows])).rows_loaded == 4


@pytest.mark.parametrize("word", ["Total", "Gesamt", "TOTAL", "合計", "Totale", "Ge\u00adsamt", "Итого", "Summe"])
@pytest.mark.parametrize("first", [True, False])
def test_total_rows_are_set_aside(land_bytes: Landing, word: str, first: bool) -> None:
    head = ["Content", "Video title", "Video publish time", "Views", "Watch time (hours)"]
    rows: list[list[object]] = [[f"abcdefghij{n}", "t", "Feb 7, 2025", 10, "1.5"] for n in range(3)]
    rows.insert(0 if first else 3, [word, "", "", 1000, "99.0"])
    receipt = land_bytes("youtube/Table data.csv", text([head, *rows]))
    assert (total(receipt, "video_views"), receipt.rows_ignored) == (30, 1)
    assert receipt.parts[0].ignored_reasons == {"total row": 1}


def test_a_post_called_total_is_a_post(land_bytes: Landing) -> None:
    head = ["Post title", "Post link", "Created date", "Impressions", "Clicks"]
    link = "https://www.linkedin.com/feed/update/urn:li:activity:7300000000000000001"
    receipt = land_bytes(
        "linkedin/page.csv", text([head, ["Total", link, "01/31/2025", 9, 1], ["Total", "", "", 9, 1]])
    )
    assert (receipt.rows_loaded, receipt.rows_ignored, total(receipt)) == (1, 1, 9)


@pytest.mark.parametrize("note", ["Showing first 500 results", "Mostrando os primeiros 500 resultados",
                                  "Die 500 be\u00adsten Er\u00adgeb\u00adnis\u00adse"])  # fmt: skip
def test_a_cap_is_noted(land_bytes: Landing, note: str) -> None:
    head = ["Content", "Video title", "Views"]
    receipt = land_bytes("youtube/t.csv", text([head, ["abcdefghijk", "t", 5], [note]]))
    assert (receipt.status, receipt.rows_ignored) == ("loaded", 1)
    assert "capped" in (receipt.reason or "")


def test_a_description_row_is_no_data(land_bytes: Landing) -> None:
    about = ["The id of it", "", "", "When it was posted", "How often it was seen", "How often it was used", "", "", ""]
    rows = tweets("10")
    receipt = land_bytes("x/export.csv", text([rows[0], about, rows[1]]))
    assert (total(receipt), receipt.rows_ignored, receipt.rows_quarantined) == (10, 1, 0)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_ends_inside_a_character(land_bytes: Landing, codec: str) -> None:
    content = text([list(TWEETS), tweet(0), tweet(1), [*tweet(2)[:2], "Ы"]]).rstrip("\r\n").encode(codec)
    receipt = land_bytes("x/a.csv", content[:-1])
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 2, 1)


def test_a_cut_right_after_the_last_delimiter_is_seen(land_bytes: Landing) -> None:
    whole = text(tweets("10", "20", "30")).rstrip("\r\n")
    assert land_bytes("x/a.csv", whole).rows_loaded == 3
    receipt = land_bytes("x/b.csv", whole[: whole.rindex(",") + 1])
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (2, 1)
    assert "ends inside" in receipt.quarantine[0].reason


def test_of_two_lengths_that_are_as_common_the_longer_is_damage(land_bytes: Landing) -> None:
    rows = tweets("10", "20")
    rows[2] = [*rows[2][:2], "stray", *rows[2][2:-1], ""]
    receipt = land_bytes("x/a.csv", text(rows))
    assert (receipt.rows_loaded, receipt.rows_quarantined, total(receipt)) == (1, 1, 10)
