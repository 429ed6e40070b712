"""A short version of ``make bench-night``, by processor seconds, with bounds that a busy machine keeps.

That both engines of Great Expectations come to the same verdicts, the benchmark itself asserts. Its nights through
Airflow are left to it: tests/dags runs one, and the ratios need a machine that does nothing else.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench_night import contest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_great_expectations_on_duckdb_finds_what_it_finds_on_pandas_in_like_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROWS", "500000")
    taken = contest(tmp_path, ["checks"], days=0, rounds=1, scale=0.1).taken
    assert taken["checks"][0][1] < 2 * taken["pandas"][0][1], taken
