"""Given raw rows, expected published rows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dbt.given import GIVEN, Warehouse, published_rows, read_cases

CASES = [case for name in GIVEN for case in read_cases(name)]
TOUCHES = read_cases("touches")["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_rows_are_the_expected_ones(built: Warehouse, case: dict[str, Any]) -> None:
    assert published_rows(built, case["expected"]) == case["expected"]["rows"]


@pytest.mark.parametrize("case", TOUCHES, ids=lambda case: case["name"])
def test_a_touch_comes_from_where_its_marks_say(built: Warehouse, case: dict[str, Any]) -> None:
    columns = list(case["expected"])
    touch = case["name"].replace("'", "''")
    [found] = built.rows(f"select {', '.join(columns)} from published.fct_touchpoints where touch_id = '{touch}'")
    assert dict(zip(columns, found, strict=True)) == case["expected"]


def test_networks_and_actions_that_only_the_data_names_have_their_row(built: Warehouse) -> None:
    assert ("chirp", "Chirp", "active", None) in built.rows("from published.dim_networks")
    assert built.rows("select is_reported from published.dim_actions where action_key = 'x:unseen'") == [(False,)]
