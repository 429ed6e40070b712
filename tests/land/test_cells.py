"""What is told of cells at a glance is what a closer look at each would tell."""

from __future__ import annotations

import re

import duckdb
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.land.blocks import digits
from pipelines.land.fields import extract_sql
from pipelines.schema import literal

_PLAIN = re.compile(r"(?!\.$)[0-9]*\.?[0-9]*")
_PARTS = st.sampled_from(["/status", "/statuses", "/", "12", "3", "x.com", "acme", "é", " ", "//", "/status/"])


@settings(deadline=None)
@given(st.lists(st.text(alphabet="0579. ", max_size=14)), st.integers(0, 3))
@example(["12.0", "", "7"], 0)
@example(["12.0", ".", "5..0"], 0)
@example(["1.234", "0.0"], 1)
@example([".0", "5.0"], 0)
def test_digits_are_told_block_by_block_as_cell_by_cell(cells: list[str], skipped: int) -> None:
    column = pa.array(["9.9", "x", ""][:skipped] + cells, pa.string())[min(skipped, 3) :]

    is_plain, is_grouped, is_whole = digits(column)

    assert is_plain == all(map(_PLAIN.fullmatch, cells))
    if is_plain:
        assert is_grouped == any(cell[-4:-3] == "." for cell in cells)
        if is_whole:
            assert all(len(cell) <= 12 and cell.removesuffix(".0").isdigit() for cell in cells if cell)


@given(
    st.lists(_PARTS, max_size=9).map("".join), st.sampled_from([r"/status(?:es)?/(\d+)", r"/status/(\d*)", r"(\d+)"])
)
def test_a_pattern_that_begins_with_letters_finds_the_same_where_they_stand(text: str, pattern: str) -> None:
    sought = f"nullif(regexp_extract(t, {literal(pattern)}, 1), '')"

    row = duckdb.execute(f"select {extract_sql('t', pattern)}, {sought} from (select {literal(text)} as t)").fetchone()

    assert row and row[0] == row[1]
