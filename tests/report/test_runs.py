"""The page of runs: what it says is what the records, the books and the rhythm of each network say."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.report import write_runs
from pipelines.report.charts import Canvas
from pipelines.report.figures import duration
from pipelines.report.nights import nights
from pipelines.report.nights_charts import Rhythm, rhythm_bars, run_columns, stage_bars
from pipelines.settings import Home
from tests.report.browser import Browser, find_browser
from tests.report.conftest import Page
from tests.report.test_browser import CONTRAST

NOW = datetime(2026, 9, 2, 2, 0, tzinfo=UTC)
SECONDS = {"load": 4.0, "validate landing raw": 2.5, "transform": 30.0, "validate staging": 3.0, "publish": 9.0}
HOSTILE = "</title><script>alert('x')</script>"


def record(night: int, *, minutes: float | None = 1, status: str = "done", **more: Any) -> dict[str, Any]:
    """The record of a run so many nights ago."""
    began = NOW - timedelta(days=night)
    ended = began + timedelta(minutes=minutes) if minutes is not None else None
    return {
        "run_id": f"{began:%Y%m%dT%H%M%SZ}-{night:06x}",
        "started_at": began.isoformat(),
        "status": status,
        "stage": "report",
        "seconds": SECONDS,
        "files": {"loaded": 20, "refused": 1, "needs_answer": 2},
        "loaded": {"files": 3, "rows": {"action_metrics": 900}},
        **({"ended_at": ended.isoformat()} if ended else {}),
        **more,
    }


STOPPED = {
    "what": f"rows_add_up failed: expected that a file's rows add up {HOSTILE}",
    "where": "raw.loads",
    "remedy": "Keep the file and report it",
}
RECORDS = [
    record(0, minutes=0.5, status="stopped", stage="validate", error=STOPPED, seconds={"load": 4.0, "validate": 9.0}),
    record(1, unchanged=True, minutes=0.1, seconds={"load": 1.0}),
    record(2, minutes=3),
    record(3, minutes=None, status="running", stage="transform"),
    *(record(night) for night in range(4, 9)),
]

RHYTHMS = """
alter table published.meta_loads add column period_end date;
update published.meta_loads
set period_end = $today - (if(networks = 'facebook', 1, 7) * (2 - regexp_extract(path, '(\\d).csv', 1)::int))
where path like '%main/export%' and (networks <> 'x' or path like '%2.csv');
update published.dim_networks set status = 'retired' where network = 'youtube';
create temp table moved as
select network, $today - case network when 'facebook' then 3 when 'instagram' then 3 when 'linkedin' then 9 else 2 end
    - max(metric_date) as days
from (
    select network, metric_date from published.fct_action_metrics_daily
    union all
    select network, metric_date from published.fct_account_metrics_daily
)
group by network;
update published.fct_action_metrics_daily as rows set metric_date = metric_date + days::int
from moved where rows.network = moved.network;
update published.fct_account_metrics_daily as rows set metric_date = metric_date + days::int
from moved where rows.network = moved.network;
"""
"""Facebook exports daily, the others weekly, X came once, YouTube is gone; how far behind each is."""


@pytest.fixture(scope="module")
def night_home(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The published company, in which one network exports daily, one weekly, one is gone, one came once."""
    made = Home(tmp_path_factory.mktemp("nights"))
    made.published.mkdir()
    shutil.copy(home.published / "roi.duckdb", made.published)
    today = datetime.now(UTC).date()
    with duckdb.connect(str(made.published / "roi.duckdb")) as connection:
        for statement in filter(str.strip, RHYTHMS.split(";")):
            connection.execute(statement.replace("$today", f"date '{today}'"))
        connection.execute(
            "update published.meta_checks set run_id = ? where run_id like '20260901%'", [RECORDS[0]["run_id"]]
        )
    return made


@pytest.fixture(scope="module")
def runs_file(night_home: Home) -> Path:
    return write_runs(night_home, RECORDS)


@pytest.fixture(scope="module")
def shown(runs_file: Path) -> Page:
    return Page(runs_file.read_text(encoding="utf-8"))


def row(shown: Page, key: str) -> list[str]:
    return shown.rows["", key]


def test_the_last_run_says_how_it_ended_why_and_the_way_out(shown: Page) -> None:
    assert "A check stopped the last run in validate; readers keep the earlier publication." in " ".join(
        shown.text.split()
    )
    assert "What to do: Keep the file and report it" in shown.text
    assert "<script" not in [tag for tag, _ in shown.elements]
    assert "alert('x')" in shown.text, "it is shown as text"


def test_every_run_has_its_row_and_a_killed_one_is_told_from_one_that_runs(shown: Page) -> None:
    found = [key[1] for key in shown.rows if key[1].startswith("data-run=")]
    assert found == [f"data-run={one['run_id']}" for one in RECORDS]
    ended = [row(shown, key)[1] for key in found]
    assert ended[:4] == ["stopped by a checkin validate", "nothing new", "published", "broken offin transform"]
    assert row(shown, found[0])[2:5] == ["30 s", "3", "1"]
    assert row(shown, found[2])[2] == "3 minslow", "three times the usual minute"
    assert row(shown, found[5])[2] == "1 min"


def test_a_network_is_late_by_its_own_rhythm(shown: Page) -> None:
    verdicts = {
        key[1].removeprefix("data-fresh="): cells for key, cells in shown.rows.items() if "data-fresh" in key[1]
    }
    assert verdicts["Facebook"][2:] == ["3", "1", "late"]
    assert verdicts["Instagram"][2:] == ["3", "7", "in time"]
    assert verdicts["LinkedIn"][2:] == ["9", "7", "late"]
    assert verdicts["X"][2:] == ["2", "—", "no rhythm yet"]
    assert verdicts["YouTube"][2:] == ["—", "—", "retired, nothing is expected"]
    assert "Late by its own rhythm: LinkedIn, Facebook." in shown.text


def test_what_was_refused_stands_with_its_reason(shown: Page) -> None:
    file = row(shown, "data-file=linkedin/broken export.xls")
    assert file[1:3] == ["refused", "the file is cut off after 12 kB: no workbook part ends"]
    assert file[3].startswith("Export it again")
    assert row(shown, "data-quarantine=linkedin/main/export-0.csv")[3:] == ["1.47689E+18", "7", "1"]
    assert row(shown, "data-check=every currency has a rate")[2:4] == ["warn", "2 currencies: XAF, ARS"]
    assert "yesterday failed too" not in shown.text


def test_books_of_a_stopped_run_are_read_from_the_warehouse(night_home: Home, tmp_path: Path) -> None:
    home = Home(tmp_path)
    shutil.copytree(night_home.published, home.published)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(f"""
            create schema raw;
            create table raw.loads as select 'ff' as file_sha256, 'x/new.csv' as path, 'refused' as status,
                'no known table' as reason;
            create table raw.quarantine as select 'ff' as file_sha256, 3 as row_number, 'is no day' as reason,
                'Date' as column_name, '31/31' as value_excerpt;
            create table raw.checks as select '{RECORDS[0]["run_id"]}' as run_id, 'raw' as stage, 'raw.loads' as suite,
                'rows_add_up' as expectation, 'stop' as severity, false as success, '1 row' as observed, 'n' as expected
        """)
    page = Page(write_runs(home, RECORDS).read_text(encoding="utf-8"))
    assert row(page, "data-file=x/new.csv")[2] == "no known table"
    assert row(page, "data-check=rows_add_up")[2] == "stop"
    assert "broken export.xls" not in page.text


def test_a_home_in_which_nothing_has_run_and_one_whose_first_run_failed_have_a_page(tmp_path: Path) -> None:
    page = Page(write_runs(Home(tmp_path / "a"), []).read_text(encoding="utf-8"))
    assert "No run is on record yet." in page.text
    assert page.open_elements == []
    failed = record(0, status="failed", stage="load", error={"kind": "OSError", "message": "disk"}, seconds={})
    page = Page(write_runs(Home(tmp_path / "b"), [failed]).read_text(encoding="utf-8"))
    assert "The last run failed in load" in " ".join(page.text.split())
    assert "nothing is published yet" in page.text


def test_a_publication_of_an_earlier_version_has_no_rhythm_and_is_shown(home: Home) -> None:
    page = Page(write_runs(home, RECORDS).read_text(encoding="utf-8"))
    (home.state / "runs.html").unlink()
    assert row(page, "data-fresh=Facebook")[4] == "no rhythm yet"


def test_the_page_loads_nothing_and_every_picture_is_told_in_words(runs_file: Path, shown: Page) -> None:
    assert shown.open_elements == []
    tags = [tag for tag, _ in shown.elements]
    assert not {"script", "iframe", "img", "form"} & set(tags)
    links = [given["href"] for tag, given in shown.elements if tag == "a"]
    assert links == ["../published/report.html"]
    charts = [given for tag, given in shown.elements if tag == "svg" and given.get("class") == "chart"]
    assert len(charts) == 2 * 3
    assert tags.count("desc") == len(charts)
    ids = [given["id"] for _, given in shown.elements if "id" in given]
    assert len(ids) == len(set(ids))
    assert [path.name for path in runs_file.parent.iterdir() if path.name.startswith(".runs")] == []


@pytest.mark.parametrize("width", [980, 340])
def test_bars_are_as_long_as_stages_took(width: int) -> None:
    (run,) = nights([record(0, seconds={"load": 10.0, "validate raw": 5.0, HOSTILE: 20.0})])
    root = ET.fromstring(stage_bars(run, Canvas(width, "k", "")))
    widths = {bar.get("class"): float(bar.get("width")) for bar in root.iter("rect")}
    loads = [float(bar.get("width")) for bar in root.iter("rect") if bar.get("class") == "social"]
    assert loads[1] == pytest.approx(2 * loads[0], abs=0.2)
    assert widths["other"] == pytest.approx(loads[0] / 2, abs=0.2)


@pytest.mark.parametrize("width", [980, 340])
def test_what_ended_badly_is_hollow_and_what_is_late_goes_past_its_mark(width: int) -> None:
    canvas = Canvas(width, "k", "")
    root = ET.fromstring(run_columns(nights(RECORDS), canvas))
    styles = [bar.get("class") for bar in root.iter("rect")]
    assert styles == ["social"] * 5 + ["loss", "social", "other", "loss"]
    rows = [Rhythm("a", "A", 3, 1.0, True), Rhythm("b", "B", 3, 7.0, False), Rhythm("c", HOSTILE, 900, None, None)]
    root = ET.fromstring(rhythm_bars(rows, canvas))
    bars = {bar.get("class"): float(bar.get("width")) for bar in root.iter("rect") if bar.get("class") != "track"}
    tracks = [float(bar.get("width")) for bar in root.iter("rect") if bar.get("class") == "track"]
    assert bars["loss"] == pytest.approx(bars["social"], abs=0.2)
    assert tracks == pytest.approx([bars["loss"] * 2 / 3, bars["social"] * 8 / 3], abs=0.3)
    assert bars["other"] <= width, "a network silent for years ends at the edge"
    assert "900 d →" in "".join(root.itertext())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (4.24, "4.2 s"),
        (9.97, "10 s"),
        (59.6, "1 min"),
        (192, "3 min 12 s"),
        (7500, "2 h 05 min"),
        (None, "—"),
    ],
)
def test_durations_have_two_units_at_most(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.skipif(find_browser() is None, reason="needs chromium, which is not installed here")
def test_the_page_fits_its_window_and_can_be_read_in_light_and_dark(
    runs_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    executable = find_browser()
    assert executable
    with Browser(executable, tmp_path_factory.mktemp("profile")) as browser:
        browser.open(runs_file)
        for width in (360, 768, 1280):
            browser.call(
                "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
            )
            assert browser.run("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            assert browser.run(CONTRAST) == []
        assert browser.complaints == []


def test_records_are_those_that_a_run_writes(tmp_path: Path) -> None:
    """The keys that the page reads are in the book of runs."""
    from pipelines.run.record import amend, fail

    home = Home(tmp_path)
    amend(
        home, "20260901T020000Z-000001", stage="load", seconds={"load": 1.0}, files={"refused": 2}, loaded={"files": 1}
    )
    written = fail(home, "20260901T020000Z-000001", stage="transform", error=ValueError("no"))
    (run,) = nights([json.loads(json.dumps(written, default=str))])
    assert (run.outcome, run.stage, run.files_in, run.refused) == ("failed", "transform", 1, 2)
    assert run.trouble is not None
    assert run.took is not None
