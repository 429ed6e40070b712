"""Ways in which exports are damaged between the network and us, each a function of a table and a seeded generator.

A mutation says which native columns it took away (``without``): their metrics may be missing afterwards, no others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.fuzz.excel import LOCALES, saved
from tests.fuzz.tables import Book, Text

TOTALS = ("Total", "Gesamt", "Total général", "Totale", "Totaal", "Totalt", "合計", "Grand total")


@dataclass(frozen=True)
class Mutant:
    """A damaged file. ``may_lose``: values may be missing without a word (a column or rows were taken away).

    ``put``: the word that stands in a cell now, where that may be as good a text as any.
    """

    kind: str
    content: bytes
    without: tuple[str, ...] = ()
    loses_rows: bool = False
    undecidable: bool = False
    put: str | None = None


Mutation = Callable[[Text, random.Random], Mutant]


def drop_column(table: Text, chance: random.Random) -> Mutant:
    """A column is deleted."""
    gone = chance.randrange(table.width)
    kept = [place for place in range(table.width) if place != gone]
    return Mutant("drop column", table.with_columns(kept).to_bytes(), (str(table.rows[table.header][gone]),))


def duplicate_column(table: Text, chance: random.Random) -> Mutant:
    """A column stands twice, as it is."""
    order = [*range(table.width)]
    order.insert(chance.randrange(table.width + 1), chance.randrange(table.width))
    return Mutant("duplicate column", table.with_columns(order).to_bytes())


def contradict_column(table: Text, chance: random.Random) -> Mutant:
    """A column's name stands once more at the end, above other numbers."""
    place = chance.randrange(table.width)
    wider = table.with_columns([*range(table.width), place])
    rows = [list(row) for row in wider.rows]
    for number in wider.data_places():
        if str(rows[number][-1]).strip().isdigit():
            rows[number][-1] = str(int(rows[number][-1]) + 7)
    return Mutant(
        "duplicate column, other values", replace(wider, rows=rows).to_bytes(), (str(rows[table.header][place]),)
    )


def reorder_columns(table: Text, chance: random.Random) -> Mutant:
    """Columns are moved."""
    order = [*range(table.width)]
    chance.shuffle(order)
    return Mutant("reorder columns", table.with_columns(order).to_bytes())


def rename_column(table: Text, chance: random.Random) -> Mutant:
    """A column gets a name that nobody knows."""
    rows = [list(row) for row in table.rows]
    place = chance.randrange(table.width)
    native, rows[table.header][place] = rows[table.header][place], f"Zq {chance.randrange(100)} wub"
    return Mutant("rename column", replace(table, rows=rows).to_bytes(), (str(native),))


def resave(table: Text, chance: random.Random) -> Mutant:
    """A spreadsheet of one of three countries opened it and saved it."""
    locale = chance.choice(LOCALES)
    rows = [[saved(cell, locale) for cell in row] for row in table.rows]
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    text = replace(table, rows=padded, delimiter=locale.delimiter, head="", encoding="utf-8-sig")
    if chance.random() < 0.5:
        squeezed = [[cell.encode("cp1252", "replace").decode("cp1252") for cell in row] for row in padded]
        text = replace(text, rows=squeezed, encoding="cp1252")
    return Mutant(f"re-saved in {locale.name}", text.to_bytes())


def truncate(table: Text, chance: random.Random) -> Mutant:
    """The file ends early. A cut at the end of its last cell's digits cannot be told from a whole file."""
    content = table.to_bytes()
    unit = 2 if table.encoding == "utf-16" else 1
    cut = chance.randrange(len(content) // 3 // unit, len(content) // unit) * unit
    rest = content[:cut].decode(table.encoding, "ignore")
    last = rest.rsplit("\n", 1)[-1]
    return Mutant(
        "truncate", content[:cut], loses_rows=True, undecidable=last.count(table.delimiter) >= table.width - 1
    )


def reencode(table: Text, chance: random.Random) -> Mutant:
    """Another encoding, where it can say all of it."""
    encoding = chance.choice(("utf-16", "utf-8-sig", "utf-8", "utf-16-le", "cp1252"))
    try:
        return Mutant(f"re-encoded as {encoding}", replace(table, encoding=encoding).to_bytes())
    except UnicodeEncodeError:
        return Mutant("re-encoded as utf-16", replace(table, encoding="utf-16").to_bytes())


def wrap_rows(table: Text, chance: random.Random) -> Mutant:
    """Each line is one quoted cell."""
    lines = table.to_bytes().decode(table.encoding).splitlines()
    wrapped = ['"' + line.replace('"', '""') + '"' for line in lines]
    return Mutant("rows wrapped in quotes", table.line_end.join([*wrapped, ""]).encode(table.encoding))


def insert_total(table: Text, chance: random.Random) -> Mutant:
    """A row of sums above or below the data, named in some language."""
    places = table.data_places()
    if not places:
        return Mutant("total row", table.to_bytes())
    names = [str(name).casefold() for name in table.rows[table.header]]
    columns = [[table.rows[number][column] for number in places] for column in range(table.width)]
    sums = [
        "" if "id" in name.split() or "_id" in name else _sum_of(cells)
        for name, cells in zip(names, columns, strict=True)
    ]
    first = next((n for n, text in enumerate(sums) if not text), 0)
    sums[first] = chance.choice(TOTALS)
    rows = [*table.rows]
    rows.insert(chance.choice((places[0], places[-1] + 1)), sums)
    return Mutant("total row", replace(table, rows=rows).to_bytes())


def _sum_of(cells: list[object]) -> str:
    """The sum of a column of whole numbers of modest size; blank for any other."""
    filled = [text for cell in cells if cell is not None and (text := str(cell).strip())]
    if not filled or not all(cell.isdigit() and len(cell) < 10 for cell in filled):
        return ""
    return str(sum(map(int, filled)))


def change_dialect(table: Text, chance: random.Random) -> Mutant:
    """Other delimiters, line ends and quotes."""
    changed = replace(
        table,
        delimiter=chance.choice(",;\t|"),
        line_end=chance.choice(("\n", "\r\n", "\r")),
        quote_all=chance.random() < 0.5,
        head="",
    )
    return Mutant("other dialect", changed.to_bytes())


def lengthen_row(table: Text, chance: random.Random) -> Mutant:
    """A row has a cell more than the header, as an unquoted delimiter makes it."""
    places = table.data_places()
    if not places:
        return Mutant("row longer than the header", table.to_bytes())
    rows = [list(row) for row in table.rows]
    rows[chance.choice(places)].insert(chance.randrange(table.width), "stray")
    return Mutant("row longer than the header", replace(table, rows=rows).to_bytes())


def break_cell(table: Text, chance: random.Random) -> Mutant:
    """A cell holds a spreadsheet's error or a word."""
    places = table.data_places()
    if not places:
        return Mutant("broken cell", table.to_bytes())
    rows = [list(row) for row in table.rows]
    number, column = chance.choice(places), chance.randrange(table.width)
    word = chance.choice(("#REF!", "#N/A", "#VALUE!", "abc", "12abc", "1.2.3"))
    rows[number][column] = word
    put = None if word.startswith("#") else word
    return Mutant("broken cell", replace(table, rows=rows).to_bytes(), (str(rows[table.header][column]),), put=put)


def add_blank_lines(table: Text, chance: random.Random) -> Mutant:
    """Blank lines between rows, a note below."""
    rows = [*table.rows]
    for _ in range(3):
        rows.insert(chance.randrange(table.header + 1, len(rows) + 1), [""] * table.width)
    return Mutant("blank lines", replace(table, rows=rows).to_bytes())


OF_TABLES: tuple[Mutation, ...] = (
    drop_column, duplicate_column, contradict_column, reorder_columns, rename_column, insert_total, lengthen_row,
    break_cell, add_blank_lines,
)  # fmt: skip
OF_TEXTS: tuple[Mutation, ...] = (
    *OF_TABLES,
    resave,
    resave,
    resave,
    truncate,
    truncate,
    reencode,
    wrap_rows,
    change_dialect,
)


def mutants(table: Text, seed: str, count: int) -> Iterator[Mutant]:
    """``count`` mutants of a table, the same for the same seed; every mutation comes round in turn."""
    chance = random.Random(seed)
    mutations = OF_TABLES if isinstance(table, Book) else OF_TEXTS
    start = chance.randrange(len(mutations))
    for number in range(count):
        yield mutations[(start + number) % len(mutations)](table, chance)
