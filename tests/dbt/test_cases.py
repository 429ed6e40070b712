"""Given raw rows, expected published rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.dbt.given import Warehouse, read_cases

CASES = [*read_cases("metrics"), *read_cases("money")]
TOUCHES = read_cases("touches")["cases"]


def as_published(value: Any) -> Any:
    """A published value as the cases write it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value.normalize().__format__("f")) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_rows_are_the_expected_ones(built: Warehouse, case: dict[str, Any]) -> None:
    expected = case["expected"]
    columns = list(expected["rows"][0])
    found = built.rows(
        f"select {', '.join(columns)} from published.{expected['table']} where {expected['where']} order by all"
    )
    assert [dict(zip(columns, map(as_published, row), strict=True)) for row in found] == expected["rows"]


@pytest.mark.parametrize("case", TOUCHES, ids=lambda case: case["name"])
def test_a_touch_comes_from_where_its_marks_say(built: Warehouse, case: dict[str, Any]) -> None:
    columns = list(case["expected"])
    touch = case["name"].replace("'", "''")
    [found] = built.rows(f"select {', '.join(columns)} from published.fct_touchpoints where touch_id = '{touch}'")
    assert dict(zip(columns, found, strict=True)) == case["expected"]


def test_networks_and_actions_that_only_the_data_names_have_their_row(built: Warehouse) -> None:
    assert ("chirp", "Chirp", "active", None) in built.rows("from published.dim_networks")
    assert built.rows("select is_reported from published.dim_actions where action_key = 'x:unseen'") == [(False,)]
