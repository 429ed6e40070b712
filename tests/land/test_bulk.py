"""The engine's reader of large texts and the reader of rows give the same: receipts, rows, originals."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.lake import readings_folder
from pipelines.land import body, bulk, ingest, land, source
from pipelines.settings import Home, Settings
from tests.land.files import TWEETS, text, tweet, zipped

FIXTURES = Path(__file__).parents[1] / "fixtures"
Damage = Callable[[list[list[object]], random.Random], None]


SAID = ("hello", 'say "hi", all', "two\nlines", "three\n\nlines ", " padded\u00a0", "Größe 5", "", "a; b|c")
PROSE = ("The id of it", "A link", "Text", "When it was", "How many of them", *["words of prose"] * 6)
OTHER = ("Name", "Place", "Colour", "Shape", "Size", "Weight", "Age", "Taste", "End")


def _rows(count: int, dice: random.Random, *, thousand: str = "1,234") -> list[list[object]]:
    rows: list[list[object]] = [[*TWEETS, "Owner mail", "extra"]]
    for number in range(count):
        day = f"2021-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        said = dice.choice(
            ["hello", 'say "hi", all', "two\nlines", "three\n\nlines ", " padded\u00a0", "Größe 5", "", "a; b|c"]
        )
        mail = dice.choice(["", "Jo@Example.com ", "none"])
        figure = dice.choice(["100", "100.0", thousand, "-", "", "7"])
        rows.append([*tweet(number, figure, text=said, day=day), mail, dice.choice(["", "x", "9"])])
    return rows


def _put(rows: list[list[object]], dice: random.Random, *values: object) -> None:
    width = len(rows[0])
    rows.insert(dice.randint(1, len(rows)), [*values, *[""] * (width - len(values))])


def _without_mail(rows: list[list[object]]) -> list[list[object]]:
    """Without the column that is personal: there a row that ends early may hold a person anywhere."""
    return [[*row[:9], row[10]] for row in rows]


def _scatter(rows: list[list[object]], dice: random.Random, row: list[object], count: int) -> None:
    for _ in range(count):
        rows.insert(dice.randint(1, len(rows)), list(row))


DAMAGES: dict[str, Damage] = {
    "none": lambda rows, dice: None,
    "total": lambda rows, dice: _put(rows, dice, "Total", "", "", "", "500"),
    "grand total": lambda rows, dice: _put(rows, dice, "", "", "", "", "500", "", "Gesamt"),
    "header again": lambda rows, dice: rows.append(list(rows[0])),
    "description": lambda rows, dice: rows.insert(1, list(PROSE)),
    "note": lambda rows, dice: rows.append(["Showing the first 500 results", *[""] * 10]),
    "one cell": lambda rows, dice: _put(rows, dice, "something"),
    "blank line": lambda rows, dice: _put(rows, dice),
    "blank lines": lambda rows, dice: _scatter(rows, dice, [], 5),
    "blank end": lambda rows, dice: rows.extend([[], [" "], []]),
    "note below a gap": lambda rows, dice: rows.extend([[], ["Showing the first 500 results"]]),
    "short row": lambda rows, dice: rows.append([1, 2]),
    "short rows": lambda rows, dice: _scatter(rows, dice, rows[3][:-1], 9),
    "cells gone": lambda rows, dice: _scatter(rows, dice, rows[5][:-2], 9),
    "long row": lambda rows, dice: rows[3].append("more"),
    "other header": lambda rows, dice: _put(rows, dice, *OTHER),
    "swallowed": lambda rows, dice: rows[2].__setitem__(2, "a\n" + "1,2,3,4,100,5,1,2,3,m,x\n" * 2),
    "bad number": lambda rows, dice: rows[4].__setitem__(4, "many"),
    "bad date": lambda rows, dice: rows[4].__setitem__(3, "someday"),
    "alike": lambda rows, dice: rows.append([*rows[3][:4], 8, *rows[3][5:]]),
    "no id": lambda rows, dice: rows[5].__setitem__(slice(0, 2), ["", ""]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _small_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "HEAD", 12_000)


def _outcome(
    home: Home, content: bytes, monkeypatch: pytest.MonkeyPatch, *, least: int, name: str = "tweets.csv"
) -> Iterator[object]:
    monkeypatch.setenv("SOCIAL_ROI_BULK_BYTES", str(least))
    target = home.landing / "x" / "acme" / name
    target.parent.mkdir(parents=True)
    target.write_bytes(content)
    (receipt,) = land(home, Settings())
    yield receipt.to_dict()
    folder = readings_folder(home) / receipt.reading_id
    for path in sorted(folder.glob("*.parquet")) if folder.is_dir() else ():
        order = "_row_number" if path.name.startswith("original") else "row_number"
        yield path.name
        yield _texts(duckdb.sql(f"select * from read_parquet('{path}') order by {order}"))


def _texts(found: duckdb.DuckDBPyRelation) -> list[list[str]]:
    return [list(found.columns), *([str(cell).strip() for cell in row] for row in found.fetchall())]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("dialect", [(",", "\r\n", False), (";", "\n", True)], ids=["comma", "semicolon"])
def test_both_readers_agree(
    damage: str, dialect: tuple[str, str, bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delimiter, end, quote_all = dialect
    dice = random.Random(f"{damage} {delimiter}")
    rows = _rows(150, dice, thousand="1,234" if delimiter == "," else "1234")
    DAMAGES[damage](rows, dice)
    content = text(rows, delimiter=delimiter, end=end, quote_all=quote_all).encode()
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9))
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0))
    assert quick == exact


@pytest.mark.parametrize("seed", range(25))
def test_both_readers_agree_on_several_damages_over_several_blocks(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    rows = _rows(150, dice)
    rows = _without_mail(rows) if dice.random() < 0.6 else rows
    for damage in dice.sample([name for name in DAMAGES if name not in ROW_BY_ROW], 4):
        DAMAGES[damage](rows, dice)
    content = text(rows, quote_all=dice.random() < 0.5).encode()
    content = content.removesuffix(b"\r\n") if dice.random() < 0.3 else content
    monkeypatch.setattr(body, "CHUNK", 5000)
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9))
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0))
    assert quick == exact


ROW_BY_ROW = {"other header"}
"""What stands below another header depends on it, row after row."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_engine_reads_all_but_a_second_table(damage: str, tmp_path: Path) -> None:
    """Were everything left to the reader of rows, the two would agree and nothing would be shown."""
    dice = random.Random(f"{damage} ,")
    rows = _without_mail(_rows(150, dice))
    DAMAGES[damage](rows, dice)
    path = tmp_path / "tweets.csv"
    path.write_bytes(text(rows).encode())
    assert (bulk.read_bulk(path) is None) is (damage in ROW_BY_ROW)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain.csv": bytes,
    "gzip.csv.gz": gzip.compress,
    "zip.zip": lambda content: zipped(posts_csv=content),
    "zip with a picture.zip": lambda content: zipped(posts_csv=content, a_png=b"\x89PNG"),
}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_whatever_its_encoding_and_its_container(
    encoding: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unpacked and turned to UTF-8 on the way to the parser, in whatever parts it comes."""
    monkeypatch.setattr(body, "CHUNK", 4001)
    monkeypatch.setattr(source, "CHUNK", 997)
    monkeypatch.setattr(source, "HEAD", 24_000)
    dice = random.Random(encoding)
    rows = _rows(150, dice)
    DAMAGES["short row"](rows, dice)
    content = PACKED[name](text(rows, end=dice.choice(["\n", "\r\n"])).encode(encoding))
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9, name=name))
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0, name=name))
    assert quick == exact
    (receipt, *_) = quick
    assert isinstance(receipt, dict)
    assert receipt["status"] == "loaded"
    rows = _without_mail(rows[:-1])
    path = tmp_path / name
    path.write_bytes(PACKED[name](text(rows).encode(encoding)))
    assert bulk.read_bulk(path) is not None


@pytest.mark.parametrize("damage", ["cut", "garbled", "bomb"])
def test_what_is_packed_and_damaged_is_left_to_the_reader_of_rows(damage: str, tmp_path: Path) -> None:
    whole = gzip.compress(text(_rows(300, random.Random(1))).encode())
    zeros = text(_rows(150, random.Random(1))).encode() + b"\n" * (64 * 1024 * 1024)
    content = {
        "cut": whole[:-2000],
        "garbled": whole[:3000] + b"\x00" * 900 + whole[3900:],
        "bomb": gzip.compress(zeros),
    }
    path = tmp_path / "x.csv.gz"
    path.write_bytes(content[damage])
    assert bulk.read_bulk(path) is None


def test_a_person_has_the_same_digest_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header, row, *_ = (FIXTURES / "shopify" / "shopify_orders_en.csv").read_text(encoding="utf-8").splitlines()
    rest = row.split(",", 3)[3]
    rows = [f"#{number},{number},jo{number % 7}@example.com,{rest}" for number in range(200)]
    content = "\n".join([header, *rows, ""]).encode()
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9))
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0))
    assert quick == exact
    assert "p_" in str(quick)
    assert bulk.read_bulk(tmp_path / "b" / "landing" / "x" / "acme" / "tweets.csv") is not None


WHITE = [" padded", "padded ", "\u00a0padded", "padded\u2003", "\npadded", "padded\r\n", " ", "\u3000"]


@pytest.mark.parametrize("cell", WHITE, ids=ascii)
def test_white_space_around_a_cell_is_taken_off(cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine looks for it once, and reads again where there is any."""
    rows = _rows(150, random.Random(1))
    for row in rows[1:]:
        row[2] = "said"
    rows[120][2] = cell
    content = text(rows).encode()
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9))
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0))
    assert quick == exact


QUOTED = [
    '"He said "hi" there"',
    '"He said "hi, there" ok"',
    '"5" tall"',
    '"a "b", c"',
    '"two\nlines "q" x"',
    'a "b" c',
]


@pytest.mark.parametrize("cell", QUOTED)
def test_quotes_that_are_not_doubled(cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few programs leave the quotes inside a cell as they are."""
    rows = _rows(150, random.Random(1))
    rows[120][2] = "HERE"
    content = text(rows).replace("HERE", cell).encode()
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9))
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0))
    assert quick == exact


@pytest.mark.parametrize("name", ["engagement_daily", "experiments"])
def test_rows_that_break_rules_are_found_within_the_engines_room(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their tests stand on one another: were they worked out anew for each, no memory would hold them. A quarter of the
    room that there is."""
    content = (FIXTURES / name / f"{name}.csv").read_bytes()
    exact = list(_outcome(Home(tmp_path / "a"), content, monkeypatch, least=10**9))
    monkeypatch.setattr(bulk, "MEMORY", "150MB")
    monkeypatch.setattr(ingest, "read_file", None)
    quick = list(_outcome(Home(tmp_path / "b"), content, monkeypatch, least=0))
    assert quick == exact
    assert isinstance(quick[0], dict)
    assert quick[0]["status"] == "loaded"
