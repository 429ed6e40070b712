"""A warehouse whose published tables are filled by SQL, so that publishing is tested by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.settings import Home
from pipelines.warehouse import open_warehouse


@dataclass(frozen=True)
class Verdict:
    stage: str = "published"
    suite: str = "published"
    expectation: str = "credits add up"
    severity: str = "stop"
    success: bool = True
    observed: object = 0
    expected: object = 0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's home")


@pytest.fixture
def warehouse(home: Home) -> Home:
    fill(home, revenue="10.500000")
    return home


def fill(home: Home, *, revenue: str, backwards: bool = False) -> None:
    """Publishable tables: three orders, one of them with ``revenue``; in either order of rows."""
    order = "desc" if backwards else "asc"
    with open_warehouse(home) as connection:
        for statement in (
            "create schema if not exists published",
            "create schema if not exists raw",
            f"""create or replace table published.fct_conversions as
                select * from (values
                    ('1', timestamp '2026-08-01 10:00:00', {revenue}::decimal(18,6)),
                    ('2', timestamp '2026-08-03 23:59:59', 20::decimal(18,6)),
                    ('3', timestamp '2026-08-02 00:00:00', null)
                ) as t (conversion_id, converted_at, revenue)
                order by conversion_id {order}""",
            """create or replace view published.fct_journeys as
                select ['email', 'direct'] as path, 2 as conversions, 1 as non_conversions""",
            """create or replace table published.meta_loads as
                select 'abc' as file_sha256, current_timestamp::timestamp as loaded_at""",
            """create or replace table published.meta_checks as
                select 'r1' as run_id, 'raw' as stage, 's' as suite, 'e' as expectation, 'stop' as severity,
                    true as success, '1' as observed, '1' as expected""",
            """create or replace table raw.checks as
                select *, current_timestamp::timestamp as checked_at from published.meta_checks
                union all by name
                select 'r1' as run_id, 'marts' as stage, 's' as suite, 'm' as expectation, 'warn' as severity,
                    true as success, '1' as observed, '1' as expected""",
        ):
            connection.execute(statement)
