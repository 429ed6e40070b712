"""What is wrong with the data as a whole is named, row by row, with what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import Check
from expectations.stages import suites
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from tests.dbt.given import Warehouse, as_written, read_cases

CASES = read_cases("bad_input")


def _check(name: str) -> Check:
    [found] = [check for suite in suites("marts", Settings()) for check in suite.checks if check.name == name]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["check"])
def test_bad_input_is_named_with_what_to_do(built: Warehouse, case: dict[str, Any]) -> None:
    check = _check(case["check"])
    assert case["remedy"] in check.remedy
    with open_warehouse(built.home, read_only=True) as connection:
        found = connection.execute(check.arguments["unexpected_rows_query"].replace("{batch}", check.table))
        columns = [column[0] for column in found.description or ()]
        rows = [dict(zip(columns, map(as_written, row), strict=True)) for row in found.fetchall()]
    wanted = case["names"]
    assert wanted in [{name: row[name] for name in wanted} for row in rows]
