"""A short version of ``make bench-night``, by processor seconds, with bounds that a busy machine keeps.

That the night through Airflow publishes what the command line's does, and that both engines of Great Expectations come
to the same verdicts, the benchmark itself asserts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench_night import contest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_great_expectations_on_duckdb_is_no_slower_than_on_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROWS", "500000")
    taken = contest(tmp_path, ["checks"], days=0, rounds=1, scale=0.1).taken
    assert taken["checks"][0][1] < 1.2 * taken["pandas"][0][1], taken


def test_airflow_adds_no_work_to_a_night_and_nothing_new_costs_next_to_nothing(tmp_path: Path) -> None:
    taken = {
        name: spent[0][1] for name, spent in contest(tmp_path, ["airflow"], days=1, rounds=1, scale=0.1).taken.items()
    }
    assert taken["unchanged"] < 0.12 * taken["night"], taken
    assert taken["airflow"] < 1.4 * taken["night"], taken
