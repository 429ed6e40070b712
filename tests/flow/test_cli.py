"""The command line as a user meets it: clean standard output, one line for a refusal, and its exit status."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines import run as pipeline
from pipelines.cli import main
from pipelines.cli.session import MAKE_ROOM
from pipelines.settings import Home
from pipelines.warehouse import writer_lock

ROOT = Path(__file__).parents[2]
VERBS = ("demo", "ingest", "inspect", "new-source", "publish", "report", "run", "simulate", "status", "validate")
TOUCHES = "customer_id,touched_at,channel\nc1,2026-05-05T10:00:00+00:00,email\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def call(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def land(home: Home, name: str, text: str) -> Path:
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def one_object(result: Result) -> dict[str, Any]:
    """Standard output, which must be one JSON object on one line."""
    (line,) = result.stdout.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_every_verb_is_there_and_says_what_it_does() -> None:
    assert tuple(sorted(main.commands)) == VERBS
    for name, command in main.commands.items():
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0
        assert "--json" in shown.output
        assert command.help, name


@pytest.mark.parametrize("arguments", [["nonsense"], ["validate", "attic"], ["inspect"], ["run", "--from", "May"]])
def test_wrong_usage_is_2(home: Home, arguments: list[str]) -> None:
    assert call(home, *arguments).exit_code == 2
    assert not home.root.exists()


def test_a_range_the_wrong_way_round_is_wrong_usage(home: Home) -> None:
    result = call(home, "run", "--from", "2026-02-01", "--to", "2026-01-01")
    assert (result.exit_code, result.stderr) == (2, "social-roi: --from is later than --to\n")


def test_an_unknown_setting_is_refused_by_name(home: Home) -> None:
    home.root.mkdir()
    home.settings_file.write_text("curency: EUR\n", encoding="utf-8")
    land(home, "touchpoints/a.csv", TOUCHES)
    result = call(home, "ingest")
    assert result.exit_code == 1
    assert "curency" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not home.warehouse.exists()


def test_a_missing_landing_folder_is_one_line(home: Home) -> None:
    for verb in ("run", "ingest"):
        result = call(home, verb)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1
        assert str(home.landing) in result.stderr


def test_a_landing_folder_of_ones_own_must_be_there(home: Home, tmp_path: Path) -> None:
    result = call(home, "demo", "--landing", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"social-roi: {tmp_path / 'nowhere'}: cannot be read")


def test_a_home_that_cannot_be_written_to_is_one_line(home: Home) -> None:
    home.root.write_text("a file, not a folder", encoding="utf-8")
    result = call(home, "run", "--json")
    assert result.exit_code == 1
    assert one_object(result)["error"]["where"] == str(home.root)
    assert len(result.stderr.splitlines()) == 1


def test_json_is_accepted_before_and_after_the_verb(home: Home) -> None:
    after = one_object(call(home, "status", "--json"))
    before = one_object(CliRunner().invoke(main, ["--json", "status", "--home", str(home.root)]))
    assert after == before
    assert after["runs"] == []


def test_the_home_is_taken_from_the_environment(home: Home) -> None:
    result = CliRunner().invoke(main, ["status", "--json"], env={"SOCIAL_ROI_HOME": str(home.root)})
    assert one_object(result)["home"] == str(home.root)


def test_a_busy_warehouse_is_1_and_names_who_holds_it(home: Home) -> None:
    land(home, "touchpoints/a.csv", TOUCHES)
    with writer_lock(home, purpose="the test"):
        result = call(home, "ingest", "--json")
    assert result.exit_code == 1
    assert one_object(result)["error"]["kind"] == "BusyError"
    assert "the test" in result.stderr


def test_a_full_disk_is_one_line(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere/file")

    land(home, "touchpoints/a.csv", TOUCHES)
    monkeypatch.setattr(pipeline, "ingest", full)
    result = call(home, "ingest")
    assert result.exit_code == 1
    assert result.stderr == f"social-roi: /somewhere/file: No space left on device. {MAKE_ROOM}\n"


def test_an_unforeseen_error_keeps_its_traceback(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    land(home, "touchpoints/a.csv", TOUCHES)
    monkeypatch.setattr(pipeline, "ingest", fail)
    assert isinstance(call(home, "ingest").exception, ZeroDivisionError)


def test_inspect_says_what_a_file_is_and_loads_nothing(home: Home) -> None:
    path = land(home, "touchpoints/a.csv", TOUCHES)
    result = call(home, "inspect", str(path), "--json")
    (told,) = one_object(result)["files"]
    assert result.exit_code == 0
    assert (told["source"], told["rows_read"], told["period_start"]) == ("touchpoints", 1, "2026-05-05")
    assert not home.warehouse.exists()
    shown = call(home, "inspect", str(path)).stdout
    assert "format    touchpoints (source touchpoints)" in shown
    assert "1 read: 1 loaded" in shown


def test_inspect_of_a_file_that_is_refused_is_1(home: Home) -> None:
    result = call(home, "inspect", str(land(home, "touchpoints/empty.csv", "")))
    assert result.exit_code == 1
    assert "IS REFUSED" in result.stdout
    assert "empty" in result.stdout.splitlines()[1]


def test_ingest_loads_the_good_beside_the_refused_and_is_1(home: Home) -> None:
    land(home, "touchpoints/a.csv", TOUCHES)
    land(home, "touchpoints/empty.csv", "")
    result = call(home, "ingest", "--json")
    told = one_object(result)
    assert result.exit_code == 1
    assert sorted(receipt["status"] for receipt in told["files"]) == ["loaded", "refused"]
    assert told["loaded"]["rows"]["touchpoints"] == 1


def test_ingest_of_a_named_folder_takes_its_files(home: Home, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    (aside / "touches.csv").write_text(TOUCHES, encoding="utf-8")
    (aside / ".hidden").write_text("x", encoding="utf-8")
    result = call(home, "ingest", str(aside))
    assert result.exit_code == 0
    assert "Loaded 1 files" in result.stdout
    again = call(home, "ingest", str(aside))
    assert again.exit_code == 0
    assert "Nothing new" in again.stdout


def test_status_names_what_was_not_taken_in_and_why(home: Home) -> None:
    land(home, "touchpoints/a.csv", TOUCHES + ",2026-05-06T10:00:00+00:00,email\n")
    land(home, "touchpoints/empty.csv", "")
    call(home, "ingest")
    told = one_object(call(home, "status", "--json"))
    assert [row["path"] for row in told["turned_away"]] == ["touchpoints/empty.csv"]
    (row,) = told["quarantine"]
    assert (row["path"], row["column_name"], row["rows"]) == ("touchpoints/a.csv", "customer_id", 1)
    shown = call(home, "status")
    assert shown.exit_code == 0
    assert "customer_id" in shown.stdout


def test_what_libraries_print_goes_to_standard_error(home: Home, tmp_path: Path) -> None:
    """Also below Python: a child process and a write to the file descriptor stand for dbt and Great Expectations."""
    land(home, "touchpoints/a.csv", TOUCHES)
    script = tmp_path / "noisy.py"
    script.write_text(
        "import os, subprocess\n"
        "from pipelines import run\n"
        "from pipelines.cli import main\n"
        "real = run.ingest\n"
        "def noisy(*given, **named):\n"
        "    print('noise one'); os.write(1, b'noise two\\n'); subprocess.run(['echo', 'noise three'])\n"
        "    return real(*given, **named)\n"
        "run.ingest = noisy\n"
        "main()\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script), "--home", str(home.root), "ingest", "--json"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["loaded"]["rows"]["touchpoints"] == 1
    assert [f"noise {word}" in done.stderr for word in ("one", "two", "three")] == [True] * 3
