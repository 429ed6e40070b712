"""Containers: archives in archives, bombs, workbooks in every costume, JSON in every wrapping."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from tests.land.biff import legacy_workbook
from tests.land.conftest import Landing
from tests.land.files import TWEETS, text, tweet, tweets, workbook, zipped
from tests.land.test_bad_text import GOOD, adds_up, total

RECORDS = [dict(zip(TWEETS, map(str, tweet(index, value)), strict=True)) for index, value in enumerate(["10", "20"])]


def test_a_zip_in_a_zip_is_read(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.zip", zipped(outer_zip=zipped(tweets_csv=GOOD)))
    assert (receipt.status, total(receipt), receipt.encoding) == ("loaded", 1334, "zip of utf-8")
    assert receipt.parts[0].name == "outer.zip/tweets.csv"


def test_gzips_in_a_zip_and_a_zip_in_a_gzip_are_read(land_bytes: Landing) -> None:
    assert total(land_bytes("x/a.zip", zipped(tweets_csv_gz=gzip.compress(GOOD.encode())))) == 1334
    assert total(land_bytes("x/b.zip.gz", gzip.compress(zipped(tweets_csv=GOOD)))) == 1334
    assert total(land_bytes("x/c.json.gz", gzip.compress(json.dumps(RECORDS).encode()))) == 30


def test_a_damaged_zip_in_a_zip_is_told_and_hides_nothing(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.zip", zipped(a_csv=GOOD, b_zip=b"PK\x03\x04" + b"broken" * 9))
    assert total(receipt) == 1334
    assert any("b.zip" in warning and "damaged" in warning for warning in receipt.warnings)


@pytest.mark.parametrize("make", [gzip.compress, lambda data: zipped_hard(data)], ids=["gzip", "zip"])
def test_a_bomb_is_refused_before_it_goes_off(land_bytes: Landing, make: object) -> None:
    bomb = make(bytes(64 * 1024**2))  # type: ignore[operator]
    receipt = land_bytes("x/bomb.zip", bomb)
    assert (receipt.status, "expand" in (receipt.reason or "")) == ("refused", True)


def zipped_hard(data: bytes) -> bytes:
    """A zip that is packed, unlike those of the other tests."""
    import zipfile

    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.csv", data)
    return sink.getvalue()


def test_pictures_in_an_archive_are_not_even_read(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.zip", zipped(a_csv=GOOD, b_jpg=b"\xff\xd8\xff", c_mp4=bytes(100)))
    assert (total(receipt), receipt.warnings) == (1334, ())
    receipt = land_bytes("x/media.zip", zipped(b_jpg=b"\xff\xd8\xff"))
    assert "pictures" in (receipt.reason or "")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps({"export": {"posts": RECORDS}}, indent=2),
        "\n".join(map(json.dumps, RECORDS)),
        "\n".join(map(json.dumps, RECORDS)) + "\n\n",
        "window.YTD.tweets.part0 = " + json.dumps(RECORDS),
        "var data = " + json.dumps({"posts": RECORDS}) + ";\n",
        "\ufeff" + json.dumps(RECORDS),
        json.dumps([list(TWEETS), *(list(record.values()) for record in RECORDS)]),
    ],
    ids=["array", "nested", "lines", "lines with end", "script", "variable", "bom", "lists"],
)
def test_json_in_every_wrapping(land_bytes: Landing, content: str) -> None:
    receipt = land_bytes("x/export.json", content)
    assert (receipt.status, receipt.rows_loaded, total(receipt)) == ("loaded", 2, 30)
    assert "json" in (receipt.encoding or "")
    assert adds_up(receipt)


def test_numbers_of_json_keep_every_digit(land_bytes: Landing) -> None:
    number = json.dumps([{**RECORDS[0], "impressions": 1.5e3, "Tweet id": 1400000000000000001}])
    assert total(land_bytes("x/export.json", number.replace("1500.0", "1.5E3"))) == 1500
    huge = json.dumps([RECORDS[0], {**RECORDS[1], "impressions": 0}]).replace(": 0", ": 1e99999")
    receipt = land_bytes("x/huge.json", huge)
    assert (total(receipt), receipt.rows_quarantined) == (10, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (json.dumps(RECORDS)[:-40], "the JSON is damaged: line 1"),
        (
            json.dumps(RECORDS).replace('"impressions": "10"', '"impressions": "10", "impressions": "11"'),
            "occurs twice",
        ),
        ("[" * 100_000 + "]" * 100_000, "JSON"),
        ('{"a": ' * 40 + "1" + "}" * 40, "levels deep"),
        ("[]", "no record"),
        ("window.YTD.tweets.part0 = [ ]", "no record"),
        ("[" + ", ".join(f'{{"likes {n}": 1}}' for n in range(6000)) + "]", "different keys"),
    ],
)
def test_damaged_json_is_refused_with_the_reason(land_bytes: Landing, content: str, says: str) -> None:
    receipt = land_bytes("x/export.json", content)
    assert (receipt.status, receipt.rows_loaded) == ("refused", 0)
    assert says in (receipt.reason or "")


def test_a_damaged_line_among_json_lines_is_quarantined(land_bytes: Landing) -> None:
    first, second = map(json.dumps, RECORDS)
    receipt = land_bytes("x/export.jsonl", "\n".join([first, second[:30], second]))
    assert (total(receipt), receipt.rows_quarantined) == (30, 1)
    assert receipt.quarantine[0].row_number == 2
    receipt = land_bytes("x/cut.jsonl", first + "\n" + second[:-30])
    assert (total(receipt), receipt.rows_quarantined) == (10, 1)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
def test_an_error_cell_is_no_number(land_bytes: Landing, error: str) -> None:
    rows = tweets("10", error, "30")
    for path, content in {
        "a.csv": text(rows).encode(),
        "b.xls": legacy_workbook(rows),
        "c.xlsx": with_error(rows),
    }.items():
        receipt = land_bytes(f"x/{path}", content)
        assert (path, total(receipt), receipt.rows_quarantined) == (path, 40, 1)
        found = receipt.quarantine[0]
        assert (found.row_number, found.value_excerpt) == (3, error)
        assert "'impressions' is not a whole number" in found.reason


def with_error(rows: list[list[object]]) -> bytes:
    """An xlsx whose cell C5 is an error as a spreadsheet program writes it."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append([str(cell) for cell in row])
    for row in book.active.iter_rows():
        for cell in row:
            if str(cell.value).startswith("#"):
                cell.data_type = "e"
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def test_a_workbook_with_a_password_is_refused(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.xls", legacy_workbook(tweets("10"), password=True))
    assert (receipt.status, receipt.reason) == ("refused", "the workbook has a password. Save it without one")
    assert total(land_bytes("x/open.xls", legacy_workbook(tweets("10")))) == 10


SHEET = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Posts"><Table>{rows}</Table></Worksheet></Workbook>"""


def spreadsheetml(rows: list[list[object]]) -> str:
    """A workbook of 2003 in XML; blank cells are left out, the next says where it stands."""

    def cell(place: int, value: object) -> str:
        kind = "Number" if str(value).isdigit() else "Error" if str(value).startswith("#") else "String"
        return f'<Cell ss:Index="{place}"><Data ss:Type="{kind}">{value}</Data></Cell>' if value != "" else ""

    lines = ("".join(cell(place, value) for place, value in enumerate(row, 1)) for row in rows)
    return SHEET.format(rows="".join(f"<Row>{line}</Row>\n" for line in lines))


def test_an_xml_workbook_of_2003(land_bytes: Landing) -> None:
    rows = [list(TWEETS), tweet(0, "10", text="fish & chips&#11;"), tweet(1, ""), tweet(2, "#N/A"), tweet(3, "5")]
    receipt = land_bytes("x/export.xls", spreadsheetml(rows))
    assert (receipt.status, receipt.encoding) == ("loaded", "xls (SpreadsheetML)")
    assert (total(receipt), receipt.rows_loaded, receipt.rows_quarantined) == (15, 3, 1)
    assert receipt.quarantine[0].row_number == 4


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda xml: xml[:-40], "damaged"),
        (lambda xml: xml.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook'), "entities"),
        (lambda xml: xml.replace('ss:Index="2"', 'ss:Index="2000000"'), "wider than a spreadsheet"),
        (lambda xml: xml.replace('ss:Index="2"', 'ss:Index="x"'), "where no spreadsheet has one"),
    ],
)
def test_a_damaged_xml_workbook_is_refused(land_bytes: Landing, damage: object, says: str) -> None:
    receipt = land_bytes("x/export.xls", damage(spreadsheetml(tweets("10"))))  # type: ignore[operator]
    assert (receipt.status, says in (receipt.reason or "")) == ("refused", True)


def html(rows: list[list[object]], cell: str = "td") -> str:
    """Rows as a table of a web page."""
    lines = "".join(f"<tr>{''.join(f'<{cell}>{value}</td>' for value in row)}</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><table border="1">{lines}</table></body></html>'


def test_a_web_page_saved_as_xls(land_bytes: Landing) -> None:
    receipt = land_bytes("x/export.xls", html(tweets("1,234", "20")))
    assert (total(receipt), receipt.encoding) == (1254, "html (utf-8)")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (html(tweets("10"), 'td colspan="2"'), "cells that span others"),
        (html(tweets("10")).replace("hello", "<table><tr><td>1</td></tr></table>"), "a table inside a table"),
        (html(tweets("10"))[:-40], "cut off"),
        ("<!DOCTYPE html><html><body>Sign in to continue</body></html>", "no table"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x3a\xa2eroots\x81\xd8*X%" + bytes(40) + b"gversion\x01" + bytes(80), "CAR archive"),
    ],
)
def test_what_is_no_plain_table_is_refused(land_bytes: Landing, content: str | bytes, says: str) -> None:
    receipt = land_bytes("x/export.xls", content)
    assert (receipt.status, says in (receipt.reason or "")) == ("refused", True)


def test_dates_that_are_serials(land_bytes: Landing) -> None:
    rows = [["Date", "Tweets published", "impressions"], [44197, 1, 5], [44198, 1, 6]]
    for path, content in {"a.xlsx": workbook(Posts=rows), "b.xls": legacy_workbook(rows)}.items():
        receipt = land_bytes(f"x/{path}", content)
        assert (total(receipt), receipt.period_start, receipt.period_end) == (11, "2021-01-01", "2021-01-02")


def test_rows_longer_than_the_header(land_bytes: Landing) -> None:
    rows = tweets("10", "20")
    receipt = land_bytes("x/export.csv", text([rows[0], rows[1], [*rows[2], "more"]]))
    assert (total(receipt), receipt.rows_quarantined) == (10, 1)
    assert "cells, the header" in receipt.quarantine[0].reason


def test_mixed_time_zones(land_bytes: Landing) -> None:
    rows = tweets("10", "20")
    rows[2][3] = "2021-03-04 23:30 -0500"
    receipt = land_bytes("x/export.csv", text(rows))
    assert (total(receipt), receipt.rows_quarantined) == (30, 0)


def test_garbled_text_is_mended_where_that_is_certain(land_bytes: Landing) -> None:
    def garbled(value: str) -> str:
        return value.encode().decode("latin-1")

    head = ["Post id", "Date", "Texte du post", "Lien du post", "Impressions", "J'aime", "Engagements"]
    row = ["19", "2026-01-05", "Été à la plage", "https://x.com/acme/status/19", 7, 1, 2]
    contents = {
        "a.csv": garbled(text([[*head, "Réponses"], [*row, 3]])).encode(),
        "b.json": json.dumps(
            [dict(zip(map(garbled, [*head, "Réponses"]), map(garbled, map(str, [*row, 3])), strict=True))]
        ).encode(),
        "c.csv": garbled(garbled(text([[*head, "Réponses"], [*row, 3]]))).encode(),
    }
    for path, content in contents.items():
        receipt = land_bytes(f"x/{path}", content)
        assert (path, total(receipt, "comments")) == (path, 3)
        assert any("garbled" in warning for warning in receipt.warnings)


def test_text_that_may_be_meant_is_left_alone(land_bytes: Landing) -> None:
    for word in ("Été", "naïve café", "SÃO PAULO", "Montant dÃ©pensÃ© à"):
        receipt = land_bytes(f"x/{len(word)}.csv", text([list(TWEETS), tweet(0, "10", text=word)]).encode())
        assert total(receipt) == 10
        assert not any("garbled" in warning for warning in receipt.warnings)
