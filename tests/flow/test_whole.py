"""A whole run on a small company: it ends with a publication, repeats itself, and a stop leaves readers alone."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.publish import latest, table_hashes
from pipelines.run import last_runs
from pipelines.settings import Home
from tests.lineage.test_events import faults

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of a small company that was demonstrated; what is published there stays as it is."""
    home = Home(tmp_path_factory.mktemp("whole") / "home")
    call(home, "demo", "--days", "20", code=0)
    return home


@pytest.fixture
def home(demonstrated: Home, tmp_path: Path) -> Home:
    """A copy of it, for one test to change."""
    shutil.copytree(demonstrated.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def call(home: Home, *arguments: str, code: int) -> Result:
    result = CliRunner().invoke(main, ["--home", str(home.root), *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.stderr
    return result


def lay_broken(home: Home) -> None:
    """A file most of whose rows name no customer, so that a check stops the run."""
    rows = "".join(f"{'c1' if day < 9 else ''},2026-08-{day:02d}T10:00:00+00:00,email\n" for day in range(1, 29))
    broken = home.landing / "touchpoints" / "broken.csv"
    broken.write_text(f"customer_id,touched_at,channel\n{rows}", encoding="utf-8")


def everything_in(folder: Path) -> dict[str, str]:
    return {
        str(path): str(path.readlink()) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def current(home: Home) -> Path:
    path = latest(home)
    assert path is not None
    return path


def told(result: Result) -> dict[str, Any]:
    (line,) = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_lineage_leads_from_published_columns_to_the_columns_of_files(home: Home) -> None:
    path = min((home.state / "lineage").glob("*.jsonl"))
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [fault for one in told for fault in faults(one)] == []
    begun, ended = ({one["run"]["runId"] for one in told if one["eventType"] == kind} for kind in ("START", "COMPLETE"))
    assert begun == ended
    made: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in told:
        for dataset in one["outputs"]:
            fields = dataset["facets"].get("columnLineage", {"fields": {}})["fields"]
            for column, entry in fields.items():
                made.setdefault((dataset["name"], column), []).extend(entry["inputFields"])
    untold = {one["job"]["name"] for one in told for each in one["outputs"] if "columnLineage" not in each["facets"]}
    models = {name for name in untold if name.startswith("dbt.") and not name.startswith("dbt.seed_")}
    assert models <= {"dbt.int_attribution_models"}, "every model's columns are told"

    def files(table: str, column: str, seen: frozenset[tuple[str, str]] = frozenset()) -> set[tuple[str, str]]:
        if (table, column) not in made:
            return {(Path(table).name, column)} if table.startswith("/") else set()
        inputs = {(one["name"], one["field"]) for one in made[table, column]} - seen
        return {file for each in inputs for file in files(*each, seen | inputs)}

    revenue = files("roi.published.fct_network_roi_daily", "revenue_credited")
    assert {("orders.csv", "revenue"), ("orders_export.csv", "Total"), ("touchpoints.csv", "network")} <= revenue
    customers = made["warehouse.raw.orders", "customer_id"]
    assert customers
    assert all(one["transformations"][0]["masking"] for one in customers), "only a digest comes through"
    with duckdb.connect(str(current(home)), read_only=True) as reader:
        columns = reader.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'published'"
        ).fetchall()
    at_the_flip = ("meta_publication", "fct_reported_history", "fct_reported_changes")
    lost = {
        (table, column) for table, column in columns
        if (f"roi.published.{table}", column) not in made and not table.startswith(at_the_flip)
    }  # fmt: skip
    assert lost == set()


def test_a_second_run_with_nothing_new_leaves_everything_as_it_is(demonstrated: Home) -> None:
    before = everything_in(demonstrated.published)
    answer = told(call(demonstrated, "run", "--json", code=0))
    assert everything_in(demonstrated.published) == before
    assert answer["publication_id"] in current(demonstrated).name
    (record,) = last_runs(demonstrated, most=1)
    assert (record["status"], record["unchanged"], list(record["seconds"])) == ("done", True, ["land", "load"])


def test_a_run_with_nothing_new_takes_no_time_to_import_pandas(demonstrated: Home) -> None:
    """DuckDB imports it for the first parameter of a query; such a run has no other use for it."""
    ran = "import sys; from pipelines.cli import main; main(standalone_mode=False); sys.exit('pandas' in sys.modules)"
    command = [sys.executable, "-c", ran, "--home", str(demonstrated.root), "run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "nothing has changed since the last publication" in done.stderr
    assert done.returncode == 0, done.stderr


def test_after_a_change_a_run_says_the_same_and_its_table_is_what_is_published(home: Home) -> None:
    first, before = current(home), table_hashes(current(home))
    home.settings_file.write_text("keep_publications: 4\n", encoding="utf-8")
    answer = told(call(home, "run", "--json", code=0))
    assert current(home) != first
    assert answer["publication_id"] in current(home).name
    assert table_hashes(current(home)) == before
    with duckdb.connect(str(home.published / "roi.duckdb"), read_only=True) as reader:
        published = dict(
            reader.execute(
                """select network, sum(revenue_credited)::varchar from published.fct_network_roi_daily
                where model = 'linear' and network is not null group by network"""
            ).fetchall()
        )
    shown = {row["network"]: row["revenue_credited"] for row in answer["networks"] if row["network"] in published}
    assert shown == published
    assert any(float(revenue) > 0 for revenue in shown.values())
    assert Path(answer["report"]).read_text(encoding="utf-8").startswith("<!")


def test_a_stop_leaves_readers_with_every_byte_they_had(home: Home) -> None:
    before = everything_in(home.published)
    lay_broken(home)
    with duckdb.connect(str(home.published / "roi.duckdb"), read_only=True) as reader:
        held = reader.execute("select count(*) from published.fct_touchpoints").fetchone()
        result = call(home, "run", "--json", code=1)
        assert reader.execute("select count(*) from published.fct_touchpoints").fetchone() == held
    assert everything_in(home.published) == before
    error = told(result)["error"]
    assert error["kind"] == "CheckStopError"
    assert "broken.csv" in error["what"]
    assert error["remedy"]
    (record,) = last_runs(home, most=1)
    assert (record["status"], record["stage"]) == ("stopped", "validate")
    standing = told(call(home, "status", "--json", code=0))
    assert standing["runs"][0]["status"] == "stopped"
    assert {row["path"] for row in standing["quarantine"]} == {"touchpoints/broken.csv"}


def test_a_stage_can_be_checked_by_itself(home: Home) -> None:
    assert "checks passed" in call(home, "validate", "published", code=0).stdout
    lay_broken(home)
    call(home, "run", code=1)
    assert "broken.csv" in call(home, "validate", "landing", code=1).stderr


def test_taking_the_broken_file_away_lets_the_next_run_pass_and_a_stray_file_is_told(home: Home) -> None:
    before = current(home)
    lay_broken(home)
    call(home, "run", code=1)
    (home.landing / "touchpoints" / "broken.csv").unlink()
    (home.landing / "notes.txt").write_text("call the agency\nabout the exports\n", encoding="utf-8")
    told_of = call(home, "run", code=1)
    assert current(home) != before
    assert "Files not taken in: 1 refused" in told_of.stdout
    (home.landing / "notes.txt").unlink()


def test_an_export_that_no_longer_reads_stops_the_run(home: Home) -> None:
    before = everything_in(home.published)
    orders = home.landing / "orders" / "orders.csv"
    orders.write_text(orders.read_text(encoding="utf-8").replace("revenue", "turnover", 1), encoding="utf-8")
    error = told(call(home, "run", "--json", code=1))["error"]
    assert "orders/orders.csv" in error["what"] and "revenue" in error["what"]
    assert everything_in(home.published) == before
