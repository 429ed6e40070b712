"""The stages of validation, in the order in which data passes them, and the suites of each."""

from __future__ import annotations

from dataclasses import dataclass

from expectations import landing, marts, published, raw, staging
from expectations.checks import Check, no_rows
from pipelines.settings import Settings

STAGES = {"landing": landing, "raw": raw, "staging": staging, "marts": marts, "published": published}

BUILT_BY = {
    "landing": "Run `social-roi ingest` first",
    "raw": "Run `social-roi ingest` first",
    "staging": "Run `social-roi run` first: dbt has not built these tables",
    "marts": "Run `social-roi run` first: dbt has not built these tables",
    "published": "Run `social-roi run` first: dbt has not built these tables",
}


@dataclass(frozen=True)
class Suite:
    """The checks of one table in one stage, in the order in which they are written down."""

    name: str
    table: str
    checks: tuple[Check, ...]


def tables_present(stage: str) -> Suite:
    """The suite that comes before all others: where a table is missing, nothing else can be asked."""
    table = "information_schema.tables"
    needed = ", ".join(f"('{name}')" for name in dict.fromkeys(STAGES[stage].tables()))
    check = no_rows(
        "tables_present",
        table,
        "stop",
        sql=f"""select missing_table from (values {needed}) as needed (missing_table)
            where missing_table not in (
                select table_schema || '.' || table_name from this where table_catalog = current_database()
            ) order by missing_table""",
        meaning=f"every table that {stage} is made of exists",
        remedy=BUILT_BY[stage],
    )
    return Suite(f"{stage}.tables", table, (check,))


def suites(stage: str, settings: Settings) -> list[Suite]:
    """The suites of a stage: one for each table, tables and checks in the order of the stage's module."""
    by_table: dict[str, list[Check]] = {}
    for check in STAGES[stage].checks(settings):
        by_table.setdefault(check.table, []).append(check)
    return [Suite(f"{stage}.{table.rpartition('.')[2]}", table, tuple(checks)) for table, checks in by_table.items()]
