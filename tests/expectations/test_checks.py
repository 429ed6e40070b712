"""Every check goes red on data that breaks its rule, and shows the right rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from expectations.checks import Check
from expectations.contract import published_tables
from expectations.stages import STAGES, suites
from pipelines.schema import raw_tables
from pipelines.settings import Settings
from tests.expectations.broken import CASES as EARLY
from tests.expectations.broken import Broken
from tests.expectations.broken_cause import CAUSE
from tests.expectations.broken_marts import CASES as LATE
from tests.expectations.conftest import Asker

PUBLISHED = [f"published.{name}" for name in published_tables()]
RAW = [f"raw.{name}" for name in raw_tables()]

CASES = [*EARLY, *LATE, *CAUSE]
BY_FAMILY: dict[str, tuple[str, ...]] = {
    "landing": ("_present", "key_unique"),
    "raw": ("_present", "file_loaded", "currency_is_a_code"),
    "staging": ("row_count_matches",),
    "marts": ("_present", "key_unique"),
    "published": ("_present", "key_unique", "same_as_marts"),
}
"""Checks that are made for each table or column alike: one broken warehouse shows all of them."""


def _in_family(stage: str) -> Callable[[Check], bool]:
    return lambda check: check.name.endswith(BY_FAMILY[stage])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_broken_data_is_seen_and_shown(case: Broken, asker: Asker) -> None:
    asker.spoil(case.stage, case.sql)
    verdict = asker.ask(case.stage, lambda check: (check.table, check.name) == (case.table, case.check))[
        case.table, case.check
    ]
    assert not verdict.success
    assert verdict.observed.split()[0].isdigit(), verdict.observed
    assert {name: verdict.sample_rows[0].get(name, "absent") for name in case.sample} == case.sample
    assert verdict.remedy
    assert verdict.expected


def test_every_check_has_its_broken_data(settings: Settings) -> None:
    covered = {(case.stage, case.table, case.check) for case in CASES}
    alike = {(case.stage, case.check) for case in CASES}
    everything = [
        (stage, check.table, check.name, check.severity)
        for stage in STAGES
        for suite in suites(stage, settings)
        for check in suite.checks
    ]
    missing = [
        key
        for *key, severity in everything
        if tuple(key) not in covered
        and not key[2].endswith(BY_FAMILY[key[0]])
        and not (severity == "warn" and (key[0], key[2]) in alike)
    ]
    assert missing == []
    assert covered <= {tuple(key) for *key, _ in everything}


def test_names_are_unique_within_a_suite(settings: Settings) -> None:
    for stage in STAGES:
        for suite in suites(stage, settings):
            names = [check.name for check in suite.checks]
            assert len(names) == len(set(names)), suite.name


def test_a_new_raw_table_or_metric_is_checked_for_free(settings: Settings) -> None:
    assert {check.table for suite in suites("raw", settings) for check in suite.checks} >= set(RAW)
    (totals,) = [c for s in suites("raw", settings) for c in s.checks if c.name == "metric_totals_match"]
    assert "watch_hours" in totals.arguments["unexpected_rows_query"]


def test_rows_without_key_or_origin_stop_raw(asker: Asker) -> None:
    asker.spoil("raw", ";".join(f"insert into loaded.{table} default values" for table in raw_tables()))
    found = asker.ask("raw", lambda c: c.name.endswith(("_present", "file_loaded")))
    assert [key for key, verdict in found.items() if verdict.success] == []
    assert len(found) > 50
    assert found["raw.orders", "order_id_present"].sample_rows == (
        {"file_sha256": None, "row_number": None, "order_id": None},
    )
    assert found["raw.costs", "file_loaded"].sample_rows == ({"file_sha256": None, "row_count": 1},)


def test_odd_currencies_stop_raw(asker: Asker) -> None:
    tables = [t.name for t in raw_tables().values() if "currency" in t.column_names]
    odd = "(row_number, currency) values (7, 'eu1')"
    asker.spoil("raw", ";".join(f"insert into loaded.{table} {odd}" for table in tables))
    found = asker.ask("raw", lambda c: c.name == "currency_is_a_code")
    assert set(found) == {(f"raw.{table}", "currency_is_a_code") for table in tables}
    for verdict in found.values():
        assert verdict.sample_rows == ({"file_sha256": None, "row_number": 7, "currency": "eu1"},)


def test_lost_rows_stop_staging(asker: Asker) -> None:
    for table in raw_tables():
        asker.spoil("staging", f"insert into loaded.{table} default values")
        view = f"create or replace view staging.stg_raw__{table} as select * from raw.{table} limit 0"
        asker.spoil("staging", view)
    found = asker.ask("staging", lambda c: c.name == "row_count_matches")
    assert len(found) == len(raw_tables())
    assert not any(verdict.success for verdict in found.values())
    assert found["staging.stg_raw__orders", "row_count_matches"].sample_rows == (
        {"table_name": "orders", "raw_rows": 4, "staged_rows": 0},
    )


def test_unnamed_and_doubled_files_stop_landing(asker: Asker) -> None:
    asker.spoil("landing", "insert into raw.loads select * from raw.loads; insert into raw.loads default values")
    found = asker.ask("landing", _in_family("landing"))
    assert len(found) == 3
    assert not any(verdict.success for verdict in found.values())
    assert found["raw.loads", "key_unique"].sample_rows[0] == {
        "reading_id": "r1", "path": "net/posts.csv", "row_count": 2,
    }  # fmt: skip


BUILT = {f"published.{name}" for name in published_tables()}
"""The published tables that dbt builds; those that publishing itself fills have tests of their own."""


@pytest.mark.parametrize("stage", ["marts", "published"])
def test_doubled_rows_stop(stage: str, asker: Asker) -> None:
    asker.spoil(stage, ";".join(f"insert into {table} select * from {table}" for table in PUBLISHED))
    found = asker.ask(stage, lambda c: c.name == "key_unique" and c.table in BUILT)
    assert len(found) == sum(1 for table in published_tables().values() if table.key)
    assert not any(verdict.success for verdict in found.values())
    assert found["published.fct_attributed_revenue", "key_unique"].sample_rows[-1]["row_count"] == 2


@pytest.mark.parametrize("stage", ["marts", "published"])
def test_missing_columns_stop(stage: str, asker: Asker) -> None:
    last = {f"published.{table.name}": table.columns[-1] for table in published_tables().values()}
    asker.spoil(stage, ";".join(f'alter table {table} drop column "{column}"' for table, column in last.items()))
    found = asker.ask(stage, lambda c: c.name == "columns_present" and c.table in BUILT)
    assert {table: verdict.sample_rows for (table, _), verdict in found.items()} == {
        table: ({"missing_column": column},) for table, column in last.items()
    }


def test_conversions_without_a_time_stop(asker: Asker) -> None:
    asker.spoil("marts", "update published.fct_conversions set converted_at = null where conversion_id = 'o2'")
    found = asker.ask("marts", lambda c: c.name == "converted_at_present")
    (verdict,) = found.values()
    assert verdict.sample_rows == ({"conversion_id": "o2", "converted_at": None},)


def test_a_candidate_that_differs_from_the_marts_stops(asker: Asker) -> None:
    compared = [table for table in PUBLISHED if table != "published.meta_checks"]
    asker.spoil("published", ";".join(f"insert into {table} select * from {table} limit 1" for table in compared))
    found = asker.ask("published", lambda c: c.name == "same_as_marts")
    assert {table for table, _ in found} == set(compared)
    assert not any(verdict.success for verdict in found.values())
    sample = found["published.fct_conversions", "same_as_marts"].sample_rows
    assert [(row["place"], row["row_count"]) for row in sample] == [("published", 4), ("marts", 3)]


def test_a_touch_within_the_second_of_the_conversion_is_in_time(asker: Asker) -> None:
    moment = "update published.fct_attributed_revenue set touched_at = '2026-08-10 12:00:00.9' where touch_id = 't2'"
    asker.spoil("marts", moment)
    (verdict,) = asker.ask("marts", lambda c: c.name == "touched_before_converted").values()
    assert verdict.success
