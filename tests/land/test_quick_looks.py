"""Shortcuts over whole columns give what the closer look at each cell gives."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from pipelines.land import fields
from pipelines.land.dates import Reading
from pipelines.land.fields import Settled, day_columns_sql, value_sql
from pipelines.land.numbers import number_sql
from pipelines.land.readings import DateColumn, are_plain_days, settle_reading
from pipelines.schema import MONEY
from pipelines.spec import FieldSpec

TIMES = [
    "2021-03-05 07:05 +0000", "2021-03-05T07:05:09Z", "2021-03-05 07:05:09 UTC", "2021-03-05T07:05:09+00:00",
    "2021-03-05 07:05:09", "2021-03-05T07:05", "2021-3-05  07:05 +0000", "2021-03-05 7:05:09 pm",
    "2021-03-05 24:00 +0000", "1899-03-05 07:05 +0000", "1985-03-05 07:05 +0000", "2021-02-29 07:05 +0000",
    "2021-03-05 07:05 +0130", "2021-03-05",
]  # fmt: skip


@pytest.mark.parametrize("said", TIMES)
def test_a_time_in_a_usual_form_is_what_the_closer_look_finds(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = {"at": FieldSpec(type="timestamp", zone="UTC")}
    settled = Settled(".", {"at": Reading("%Y-%m-%d")}, "UTC", False)
    value = value_sql("at", field["at"], settled)

    def read() -> object:
        source = day_columns_sql(field, settled, f"select '{said}' as t_at")
        return duckdb.sql(f"select cast({value} as timestamp), day_at from ({source})").fetchall()

    quick = read()
    monkeypatch.setattr(fields, "whole_time_sql", lambda text: "cast(null as timestamp)")
    assert quick == read()


@pytest.mark.parametrize("text", ["0", "7", "7.", ".5", "1.234", "12.50", "0.0000005", "9" * 12, "9" * 13, "1" * 30])
def test_digits_are_the_number_that_the_closer_look_finds(text: str) -> None:
    closer = number_sql("b", ".")
    quick, slow = duckdb.sql(f"select try_cast(b as {MONEY}), {closer} from (select '{text}' as b)").fetchone() or ()
    assert quick == slow


DAYS = [
    ["2026-02-28", "", "2026-03-01 07:05"],
    ["2026-02-28T07:05:09Z"],
    ["2026-02-30"],
    ["02/03/2026"],
    ["2026-02-28 EST"],
    [""],
]


@pytest.mark.parametrize("style", [None, "dmy", "mdy"])
@pytest.mark.parametrize("cells", DAYS)
def test_days_that_need_no_look_are_read_as_after_one(cells: list[str], style: str | None) -> None:
    formats = tuple(map(Reading, ["%d/%m/%Y", "%Y-%m-%d", "%m/%d/%Y", "named"]))
    values = ", ".join(f"('{cell}')" for cell in cells)
    column = DateColumn(f"(values {values}) as texts(t)", "nullif(t, '')", formats, False, True)
    looked = settle_reading(duckdb.connect(), column, style=style, period=(None, None))
    if are_plain_days(cells):
        plain = replace(column, is_plain=True)
        assert settle_reading(duckdb.connect(), plain, style=style, period=(None, None)) == looked
    assert are_plain_days(cells) is (cells in DAYS[:2])
