"""A short version of ``make bench-night``, by processor seconds, with bounds that a busy machine keeps.

That both engines of Great Expectations come to the same verdicts, the benchmark itself asserts. Its nights through
Airflow are left to it: tests/dags runs one, and the ratios need a machine that does nothing else.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench_night import Bench, contest, dag, make_airflow

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

BROKEN = """
from airflow.sdk import DAG, chain, task

@task
def fails():
    raise RuntimeError("on purpose")

@task(trigger_rule="all_done")
def goes_on():
    pass

with DAG(dag_id="broken", schedule=None):
    chain(fails(), goes_on())
"""


def test_great_expectations_on_duckdb_finds_what_it_finds_on_pandas_in_like_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROWS", "500000")
    taken = contest(tmp_path, ["checks"], days=0, rounds=1, scale=0.1).taken
    assert taken["checks"][0][1] < 2 * taken["pandas"][0][1], taken


def test_a_dag_with_a_failed_task_is_no_measurement_though_airflow_ends_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [])
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "broken.py").write_text(BROKEN, encoding="utf-8")
    make_airflow(bench)
    with pytest.raises(SystemExit, match=r"the DAG broken ended as \[\('success',\)\].*'fails'"):
        dag(bench, bench.base, "broken")
