"""A large text on its way to the parser: what may be read in two ways is not for it; it splits as Python does."""

from __future__ import annotations

import random
from functools import partial
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

from pipelines.land import body
from pipelines.land.cells import _cells_of
from pipelines.land.readers import Sheet
from pipelines.land.readers.text import _records
from pipelines.land.survey import END, Survey


@pytest.mark.parametrize("content", [b"a\rb\n", b"a\x00b\n", b"caf\xe9\n", "dÃ©pensÃ©\n".encode(), b"a\r"])
@pytest.mark.parametrize("before", [b"x,y,z\n", b"x,y,\xc3", b"x,y,\r"])
def test_a_text_that_two_readers_read_in_two_ways_is_not_for_the_engine(content: bytes, before: bytes) -> None:
    looked = Survey([before, content])
    while looked.read(10):
        pass
    assert not looked.is_sound


def _keep(texts: list[str], row: pa.csv.InvalidRow) -> str:
    texts.append(row.text)
    return "skip"


PIECES = ['"', '"', '""', ",", ",", "a", " ", "\n", "\r\n", "b", "é", "\n,", "a,b\n", '"x",']


def test_the_parser_splits_as_the_reader_of_rows_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any text, with quotes wherever they may stand, in blocks of any size: cell for cell, row for row."""
    dice = random.Random(7)
    header = SimpleNamespace(end=0)
    table: Any = SimpleNamespace(match=SimpleNamespace(stop=2, header=header), sheet=Sheet("", "", (), delimiter=","))
    whole = 0
    for _ in range(4000):
        said = "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 60)))
        exact, is_open = _records(said, ",", start=1)
        monkeypatch.setattr(body, "CHUNK", dice.choice([60, 80, 1000]))
        ragged: list[str] = []
        rows: list[tuple[str, ...]] = []
        try:
            for batch in body.split(Survey([said.encode()]), table, partial(_keep, ragged)):
                rows += zip(*(column.to_pylist() for column in batch.columns), strict=True)
        except pa.ArrowInvalid:  # a row longer than a block
            continue
        if is_open or ragged[-1:] != [END]:
            assert END not in ragged
            assert is_open or said.endswith('"')  # its line end belongs to a quote that opens last of all
            continue
        whole += 1
        ragged.pop()
        assert [row for row in rows if any(map(str.strip, row))] == [r.cells for r in exact if len(r.cells) == 2]
        others = [_cells_of(each, ",") for each in ragged]
        assert [row for row in others if any(map(str.strip, row))] == [r.cells for r in exact if len(r.cells) != 2]
    assert whole > 500
