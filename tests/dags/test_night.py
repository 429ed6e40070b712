"""The real night, through ``airflow dags test``, on a small company."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_night_ends_with_a_publication_and_its_report(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pipelines.cli import main; main()",
            "--home",
            str(home),
            *("demo", "--airflow", "--days", "20", "--json"),
        ],
        cwd=ROOT,
        env={**os.environ, "SOCIAL_ROI_KEY_FILE": str(tmp_path / "key")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    with duckdb.connect(str(home / "published" / "roi.duckdb"), read_only=True) as reader:
        published = reader.execute("select publication_id, run_id from published.meta_publication").fetchone()
        stages = reader.execute("select distinct stage from published.meta_checks where run_id = ?", [told["run_id"]])
        assert published == (told["publication_id"], told["run_id"])
        assert {stage for (stage,) in stages.fetchall()} == {"landing", "raw", "staging", "marts", "published"}
        assert reader.execute("select count(*) > 0 from published.fct_attributed_revenue").fetchone() == (True,)
    assert Path(told["report"]).stat().st_size > 10_000
    assert any(float(row["revenue_credited"]) > 0 for row in told["networks"])
    assert "ingest x" in done.stderr
    assert (home / "airflow" / "airflow.db").exists()
