"""A stage as a whole: green on sound data, recorded, documented, and stopped with words that help."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from expectations.stages import STAGES
from pipelines.errors import BusyError, CheckStopError, SocialRoiError, UsageError
from pipelines.settings import Home, Settings
from pipelines.validate import CheckVerdict, build_data_docs, validate
from pipelines.warehouse import writer_lock

Spoil = Callable[[str], None]

NEEDED = {
    "landing": "raw.quarantine",
    "raw": "raw.costs",
    "staging": "staging.stg_raw__orders",
    "marts": "marts.mart_costs_daily",
    "published": "published.fct_journeys",
}


def _recorded(home: Home) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(
            "select run_id, stage, suite, expectation, severity, success, observed, expected from raw.checks"
        ).fetchall()


def _as_recorded(run_id: str, verdicts: list[CheckVerdict]) -> list[tuple[object, ...]]:
    return [(run_id, v.stage, v.suite, v.expectation, v.severity, v.success, v.observed, v.expected) for v in verdicts]


@pytest.mark.parametrize("stage", STAGES)
def test_sound_data_passes(stage: str, home: Home, settings: Settings, candidate: Path) -> None:
    database = candidate if stage == "published" else None
    verdicts = validate(home, settings, stage, run_id="night-1", database=database)
    assert [verdict for verdict in verdicts if not verdict.success] == []
    assert len(verdicts) >= 10
    assert verdicts[0].expectation == "tables_present"
    assert _recorded(home) == _as_recorded("night-1", verdicts)
    assert (home.state / "data_docs" / "index.html").exists()


def test_a_stop_is_recorded_then_raised_with_rows_and_a_way_out(home: Home, settings: Settings, spoil: Spoil) -> None:
    spoil("update published.fct_attributed_revenue set credit = 0.4 where touch_id = 't1'")
    with pytest.raises(CheckStopError) as stopped:
        validate(home, settings, "marts", run_id="night-1", docs=False)
    text = str(stopped.value)
    assert text.startswith("marts.fct_attributed_revenue: credits_sum_to_one failed")
    assert "the credits add up to exactly 1" in text
    assert "found 1 row" in text
    assert "model=linear, conversion_id=o1, credit=0.900000, touches=2" in text
    assert "`social-roi run --full-refresh`" in text
    assert stopped.value.exit_code == 1
    failed = [row for row in _recorded(home) if not row[5]]
    assert [row[2:7] for row in failed] == [
        ("marts.fct_attributed_revenue", "credits_sum_to_one", "stop", False, "1 row")
    ]
    assert (home.state / "data_docs" / "index.html").exists(), "a stop is documented even where docs come later"


def test_samples_are_five_and_the_count_is_whole(home: Home, settings: Settings, spoil: Spoil) -> None:
    spoil("insert into loaded.orders (file_sha256, row_number) select 'sha2', i from range(10, 22) as t (i)")
    with pytest.raises(CheckStopError) as stopped:
        validate(home, settings, "raw", run_id="night-1", docs=False)
    text = str(stopped.value)
    assert "order_id_present failed" in text
    assert "found 12 rows" in text
    assert text.count("file_sha256=sha2, row_number=") == 5
    assert "also failed: raw.orders ordered_at_present (12 rows)" in text


def test_a_warning_is_recorded_and_stops_nothing(home: Home, settings: Settings, spoil: Spoil) -> None:
    spoil("update raw.loads set status = 'refused', reason = 'empty file' where reading_id = 'r4'")
    verdicts = validate(home, settings, "landing", run_id="night-1", docs=False)
    (warned,) = [verdict for verdict in verdicts if not verdict.success]
    assert (warned.expectation, warned.severity, warned.observed) == ("nothing_refused", "warn", "1 row")
    assert warned.sample_rows == ({"path": "net/posts copy.csv", "source": "net", "reason": "empty file"},)
    assert ("nothing_refused", False) in [(row[3], row[5]) for row in _recorded(home)]
    assert not (home.state / "data_docs").exists()


@pytest.mark.parametrize("stage", STAGES)
def test_a_missing_table_is_named_and_nothing_else_is_asked(
    stage: str, home: Home, settings: Settings, candidate: Path
) -> None:
    target = candidate if stage == "published" else home.warehouse
    kind = "view" if stage in ("raw", "staging") else "table"
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"drop {kind} {NEEDED[stage]}")
    database = candidate if stage == "published" else None
    with pytest.raises(CheckStopError) as stopped:
        validate(home, settings, stage, run_id="night-1", database=database, docs=False)
    assert f"missing_table={NEEDED[stage]}" in str(stopped.value)
    assert "first" in str(stopped.value)
    assert len(_recorded(home)) == 1


def test_a_check_that_cannot_be_asked_stops(home: Home, settings: Settings, spoil: Spoil) -> None:
    spoil("alter table published.dim_networks drop column status")
    with pytest.raises(CheckStopError) as stopped:
        validate(home, settings, "marts", run_id="night-1", docs=False)
    text = str(stopped.value)
    assert text.startswith("marts.dim_networks: columns_present failed")
    assert "missing_column=status" in text
    assert "networks_fresh (could not be asked" in text


def test_validating_again_replaces_and_the_order_is_the_same(home: Home, settings: Settings) -> None:
    first = validate(home, settings, "raw", run_id="night-1", docs=False)
    again = validate(home, settings, "raw", run_id="night-1", docs=False)
    other = validate(home, settings, "raw", run_id="night-2", docs=False)
    assert first == again == other
    assert len(_recorded(home)) == 2 * len(first)


def test_what_is_published_is_validated_where_no_candidate_is_given(
    home: Home, settings: Settings, candidate: Path
) -> None:
    with pytest.raises(SocialRoiError, match="nothing is published"):
        validate(home, settings, "published", run_id="night-1")
    home.published.mkdir()
    (home.published / "roi.duckdb").symlink_to(candidate)
    assert all(v.success for v in validate(home, settings, "published", run_id="night-1", docs=False))


def test_the_warehouse_is_free_after_each_stage(home: Home, settings: Settings, spoil: Spoil) -> None:
    validate(home, settings, "staging", run_id="night-1", docs=False)
    spoil("create table raw.written_by_the_next_stage (i integer)")


def test_data_docs_keep_the_latest_runs(home: Home, settings: Settings) -> None:
    for night in range(6):
        validate(home, settings, "staging", run_id=f"night-{night}", docs=False)
    index = build_data_docs(home, run_id="night-5")
    assert "night-5" in index.read_text(encoding="utf-8")
    pages = {path.parts[-3] for path in (home.state / "data_docs" / "validations").rglob("*.html")}
    assert pages == {"night-5"}
    build_data_docs(home)
    pages = {path.parts[-3] for path in (home.state / "data_docs" / "validations").rglob("*.html")}
    assert pages == {f"night-{night}" for night in range(1, 6)}


def test_data_docs_say_what_was_meant_and_what_to_do(home: Home, settings: Settings, spoil: Spoil) -> None:
    spoil("update published.fct_attributed_revenue set credit = 0.4 where touch_id = 't1'")
    with pytest.raises(CheckStopError):
        validate(home, settings, "marts", run_id="night-1")
    (page,) = (home.state / "data_docs" / "validations" / "marts" / "fct_attributed_revenue").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "the credits add up to exactly 1" in text
    assert "social-roi run --full-refresh" in text
    assert "dataContextId" not in text, "no page may report to anyone that it was opened"
    (logo,) = re.findall(r'src="([^"]*logo-long.png)"', text)
    assert (page.parent / logo).exists()


def test_every_link_of_the_data_docs_index_leads_somewhere(home: Home, settings: Settings) -> None:
    validate(home, settings, "landing", run_id="night-1")
    site = home.state / "data_docs"
    index = (site / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r"(?:expectations|validations)/[^\"'\s\\]*?\.html", index))
    assert len(links) == 6, links
    assert [link for link in links if not (site / unquote(link)).exists()] == []


def test_refusals(home: Home, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'lake' is no stage"):
        validate(home, settings, "lake", run_id="night-1")
    with pytest.raises(SocialRoiError, match="no warehouse yet"):
        validate(Home(tmp_path / "new"), settings, "raw", run_id="night-1")
    with writer_lock(home, purpose="load"), pytest.raises(BusyError, match="load"):
        validate(home, settings, "raw", run_id="night-1")
    with duckdb.connect(str(home.warehouse)), pytest.raises(BusyError, match="another program may have it open"):
        validate(home, settings, "raw", run_id="night-1")


def test_output_stays_clean_and_nothing_is_imported_early(home: Home) -> None:
    """Standard output belongs to ``--json``; importing the module must not cost Great Expectations' seconds."""
    program = f"""
import json, sys
from pathlib import Path
import pipelines.validate as validate
from pipelines.settings import Home, Settings
early = "great_expectations" in sys.modules
verdicts = validate.validate(
    Home(Path({str(home.root)!r})), Settings(models=("linear", "last_touch")), "landing", run_id="night-1"
)
print(json.dumps([early, len(verdicts)]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    early, count = json.loads(done.stdout)
    assert not early
    assert count > 10
    assert "Calculating Metrics" not in done.stderr
